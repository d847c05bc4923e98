package dev.attune.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The counts must be those of the encoder itself, on text of every kind. */
class TokenTallyTest {
    private static final long SEED = Long.getLong("attune.seed", 20_261_121L);

    /** Characters that stand on either side of a rule of the patterns. */
    private static final List<String> TRICKY = List.of(" ", " ", "  ", "\n", "\r\n", "\t", "\u00A0", "\u3000", "\u2028",
            "'", "'s", "'S", "'ll", "'Re", "'\u017F", "a", "e", "Z", "The", "THE", "iPhone", "don't", "über", "ß", "Ǆ",
            "ǅ",
            "ʰ", "ª", "漢", "字", "か", "한", "א", "ا", "\u0301", "\u0903", "\u20DD", "1", "12", "1234", "٣", "Ⅷ", "½",
            "/", "//", ".", "...", "{\"a\":", "<|endoftext|>", "<|im_start|>", "😀", "👩‍👩‍👧", "\u200B", "\uFEFF",
            "\uFFFD", "\u0000", "\u007F", "𝒜", "𐐷", "_", "-", "€", "\\n", "word", " word", "of", "ing");

    private static Encoding o200k;
    private static Encoding cl100k;
    private static Encoding p50k;

    @BeforeAll
    static void open() {
        System.out.println("TokenTallyTest: seed " + SEED + " (-Dattune.seed=… repeats another)");
        var registry = Encodings.newLazyEncodingRegistry();
        o200k = registry.getEncoding(EncodingType.O200K_BASE);
        cl100k = registry.getEncoding(EncodingType.CL100K_BASE);
        p50k = registry.getEncoding(EncodingType.P50K_BASE);
    }

    private static void same(TokenTally tally, Encoding encoding, String text) {
        assertThat(tally.count(text)).as("%s", text.codePoints().mapToObj(Integer::toHexString).toList())
                .isEqualTo(encoding.countTokensOrdinary(text));
    }

    private static void same(String text, TokenTally ofO200k, TokenTally ofCl100k, TokenTally ofP50k) {
        same(ofO200k, o200k, text);
        same(ofCl100k, cl100k, text);
        same(ofP50k, p50k, text);
    }

    private static TokenTally tally(String model) {
        return OpenAiTokenizer.forModel(model).tally();
    }

    @Test
    void wordsEndWhereTheEncoderEndsThemWhateverFollows() {
        var ofO200k = tally("gpt-4o");
        var ofCl100k = tally("gpt-4");
        var ofP50k = tally("text-davinci-003");
        for (String lead : List.of("", " ", "  ", "x ", "\n", "-", "9", "é")) {
            for (int letters = 1; letters <= 9; letters++) {
                for (int next = 0; next < 0x180; next++) {
                    same(lead + "szamoritale".substring(0, letters) + Character.toString(next) + "sll end of it.",
                            ofO200k,
                            ofCl100k, ofP50k);
                }
            }
        }
    }

    @Test
    void trickyTextsCountAsTheEncoderCountsThem() {
        var random = new Random(SEED);
        var ofO200k = tally("gpt-4o");
        var ofCl100k = tally("gpt-4");
        var ofP50k = tally("text-davinci-003");
        for (int i = 0; i < 30_000; i++) {
            var text = new StringBuilder();
            int parts = 1 + random.nextInt(10);
            for (int p = 0; p < parts; p++) {
                text.append(TRICKY.get(random.nextInt(TRICKY.size())));
            }
            same(text.toString(), ofO200k, ofCl100k, ofP50k);
        }
    }

    @Test
    void textOfRandomCodePointsCountsAsTheEncoderCountsIt() {
        var random = new Random(SEED + 1);
        var ofO200k = tally("gpt-4o");
        var ofCl100k = tally("gpt-4");
        var ofP50k = tally("text-davinci-003");
        int[] ends = {0x7F, 0x250, 0x3000, 0xFFFF, 0x1FFFF, Character.MAX_CODE_POINT};
        for (int i = 0; i < 10_000; i++) {
            int end = ends[random.nextInt(ends.length)];
            int[] points = random.ints(1 + random.nextInt(30), 0, end + 1)
                    .filter(c -> c < 0xD800 || c > 0xDFFF).toArray();
            same(new String(points, 0, points.length), ofO200k, ofCl100k, ofP50k);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 15, 16, 47, 48, 300, 5_000})
    void piecesOfEveryLengthCountTheSameTheFirstAndTheSecondTime(int length) {
        var tally = tally("gpt-4o");
        for (String unit : List.of("a", "A", "ab", "é", "漢", ".", " ", "\n", "😀")) {
            String text = unit.repeat(length);
            int expected = o200k.countTokensOrdinary(text);
            assertThat(tally.count(text)).isEqualTo(expected);
            assertThat(tally.count(text)).isEqualTo(expected);
        }
    }

    @Test
    void morePiecesThanTheMemoryHoldsAreStillCountedRight() {
        var tally = tally("gpt-4o");
        var random = new Random(SEED + 2);
        for (int i = 0; i < 150_000; i++) {
            long number = random.nextLong(26L * 26 * 26 * 26 * 26);
            var word = new StringBuilder(" ");
            for (int c = 0; c < 5; c++, number /= 26) {
                word.append((char) ('a' + number % 26));
            }
            String text = word.toString();
            if (i % 50 == 0) {
                same(tally, o200k, text);
            } else {
                tally.count(text);
            }
        }
    }

    @Test
    void aSpecialTokenInTheTextIsTextAndHalfAPairIsAReplacementCharacter() {
        var tally = tally("gpt-4o");
        assertThat(tally.count("<|endoftext|>")).isEqualTo(o200k.countTokensOrdinary("<|endoftext|>")).isGreaterThan(1);
        assertThat(tally.count("a\uD800b")).isEqualTo(o200k.countTokensOrdinary("a\uFFFDb"));
    }

    @Test
    void aStretchOfALargerArrayIsCounted() {
        var tally = tally("gpt-4o");
        byte[] bytes = "xx Hello there, world yy".getBytes(StandardCharsets.UTF_8);
        assertThat(tally.count(bytes, 2, bytes.length - 3)).isEqualTo(o200k.countTokensOrdinary(" Hello there, world"));
        assertThat(tally.count(bytes, 5, 5)).isZero();
    }
}
