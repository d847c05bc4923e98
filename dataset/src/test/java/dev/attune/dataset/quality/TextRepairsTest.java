package dev.attune.dataset.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextRepairsTest {

    private static String repaired(TextRepair repair, String text) {
        return repair.repaired(new Piece("/messages/1/content", "assistant", text, TextSigns.of(text)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {"cafÃ© crÃ¨me|café crème",
            "itâ€™s â€œfineâ€\u009d|it’s “fine”",
            "GRÃ–SSE und StraÃŸe|GRÖSSE und Straße", "5 â‚¬ Â· 20 Â°C|5 € · 20 °C", "dÅ‚ugi ÅºrÃ³dÅ‚o|długi źródło",
            "Ð¿Ñ€Ð¸Ð²ÐµÑ‚ Ð¸ Ð¿Ð¾ÐºÐ°|привет и пока", "ok ðŸ˜€!|ok 😀!", "cafÃƒÂ©|café",
            "donâ€™t â€” ever|don’t — ever"})
    void mojibakeIsTurnedBack(String garbled, String right) {
        assertThat(repaired(new Mojibake(), garbled)).isEqualTo(right);
        assertThat(repaired(new Mojibake(), right)).isEqualTo(right);
    }

    @ParameterizedTest
    @ValueSource(strings = {"café crème, Ñandú, São Paulo, IRMÃ", "« C'est arrivé…»", "„MENÜ“ und „Spaß“", "MANHÃ…",
            "CAFÉ» – «À LA CARTE»", "5 € · 20 °C “quoted” … ’tis", "привет 😀 日本語 ©®™", "Â is a letter, Ã too"})
    void rightTextIsNoMojibake(String text) {
        assertThat(repaired(new Mojibake(), text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {"Tom &amp; Jerry|Tom & Jerry",
            "it&#39;s 5&nbsp;km|it's 5 km",
            "&lt;3 you|<3 you", "Caf&eacute; &#x2014; open|Café — open", "A &amp;amp; B|A & B"})
    void entitiesBecomeCharacters(String html, String right) {
        assertThat(repaired(new HtmlEntities(), html)).isEqualTo(right);
    }

    @ParameterizedTest
    @ValueSource(strings = {"In HTML write &amp; for it", "<p>Tom &amp; Jerry</p>", "Use `&nbsp;` here",
            "say \"&lt;\" please",
            "{\"a\":\"b &quot; c\"}", "a && b; c &unknown; d", "https://x.org/?a=1&copy;=2", "R&D; AT&T;"})
    void meantEntitiesStay(String text) {
        assertThat(repaired(new HtmlEntities(), text)).isEqualTo(text);
    }

    @Test
    void controlCharactersGo() {
        assertThat(repaired(new ControlCharacters(), "\u001B[31mred\u001B[0m\u0000 a\tb\r\nc\u0007\u007F"))
                .isEqualTo("red a\tb\r\nc");
        assertThat(repaired(new ControlCharacters(), "tab\there\n")).isEqualTo("tab\there\n");
    }

    @Test
    void hiddenCharactersGoWhereNothingNeedsThem() {
        var hidden = new HiddenCharacters();
        assertThat(repaired(hidden, "ze\u200Bro\u2060 \uFEFFwi\u200Ddth\u202E!")).isEqualTo("zero width!");
        assertThat(repaired(hidden, "say hi" + Character.toString(0xE0041) + Character.toString(0xE0042)))
                .isEqualTo("say hi");
        for (String needed : new String[]{"👩\u200D👩\u200D👧 family", "می\u200Cخواهم", "क्\u200Dष",
                "שלום\u200F (abc)\u200E",
                "🏴" + Character.toString(0xE0067) + Character.toString(0xE0062) + Character.toString(0xE007F),
                "ภาษา\u200Bไทย", "❤\uFE0F\u200D🔥"}) {
            assertThat(repaired(hidden, needed)).isEqualTo(needed);
        }
    }

    @Test
    void lettersAndAccentsAreComposed() {
        assertThat(repaired(new Composition(), "Cafe\u0301 u\u0308ber")).isEqualTo("Café über");
        assertThat(repaired(new Composition(), "Café über ½ ﬁ")).isEqualTo("Café über ½ ﬁ");
    }

    @Test
    void answersLoseTheSpaceAroundThemButNotTheirIndentation() {
        var edges = new AnswerEdges();
        assertThat(repaired(edges, " yes\n")).isEqualTo("yes");
        assertThat(repaired(edges, "\n  if x:\n    y()\n")).isEqualTo("  if x:\n    y()");
        assertThat(repaired(edges, " \n ")).isEqualTo(" \n ");
    }

    @Test
    void repairingTwiceChangesNothingMore() {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println("TextRepairsTest: -Dattune.seed=" + seed);
        var random = new SplittableRandom(seed);
        String[] parts = {"Ã", "©", "â€™", "Â", " ", "&amp;", "amp;", "&#39;", "&", "<", "b>", "\u001B", "[0m",
                "\u200B",
                "\u200D", "😀", "e", "\u0301", "A", "ß", "“", "é", "…", "»", "Ð", "¿", "Ñ", "€", "\u0081", "\u009D",
                "\n", "`",
                "{", "א", "\u202E", "&nbsp;", "#8203;", "क", "\u0915", "\u094D", "Å", "‚", "lt;", "\""};
        for (int round = 0; round < 20_000; round++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            for (TextRepair repair : TextRepairs.ALL) {
                String once = repaired(repair, text.toString());
                assertThat(repaired(repair, once)).as("%s of %s, seed %d", repair.kind().code(), text, seed)
                        .isEqualTo(once);
            }
        }
    }
}
