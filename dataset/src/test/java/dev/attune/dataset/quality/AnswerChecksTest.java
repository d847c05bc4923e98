package dev.attune.dataset.quality;

import static dev.attune.dataset.quality.Lines.chat;
import static dev.attune.dataset.quality.Lines.check;
import static dev.attune.dataset.quality.Lines.codes;
import static dev.attune.dataset.quality.Lines.inAnswer;
import static dev.attune.dataset.quality.Lines.ordinary;
import static dev.attune.dataset.quality.Lines.rows;
import static dev.attune.dataset.quality.Lines.sentence;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerChecksTest {

    @Test
    void ordinaryRowsHaveNoFindings() {
        assertThat(check(ordinary(500)).findings()).isEmpty();
        assertThat(check(List.of()).findings()).isEmpty();
        assertThat(check(ordinary(1)).findings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"city\": \"Paris\", \"days\": [1, 2", "[{\"a\": tr", "{\"text\": \"and then he",
            "{\"a\": {\"b\": 1},", "Here it is:\n```java\nint x = 1;", "~~~\ncode",
            "This is a longer sentence that goes on for a while and then it stops with the",
            "This is a longer sentence that goes on for a while, and then,",
            "The whole thing was built in the old days (see the second part of the long report"})
    void answersThatStopEarly(String answer) {
        assertThat(inAnswer(answer)).containsExactly("truncated_answer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"city\": \"Paris\", \"days\": [1, 2]}", "[1] The first source says so.",
            "[citation needed] here.",
            "{name} is the placeholder.", "[]", "{}", "Here:\n```java\nint x = 1;\n```", "```\ninline close```",
            "~~~~\n```\n~~~~", "It is late :( and the rest is fine.",
            "Best regards from all of us here at the shop,\nAnna",
            "Do this:\n- open the door and look at the second long shelf", "Read https://example.org/a/very/long/path",
            "1) first one\n2) second one with quite a few more words in it and", "Yes", "What you asked for.", "42",
            "The sum of all those numbers that you have given me is exactly 42"})
    void answersThatOnlyLookCut(String answer) {
        assertThat(inAnswer(answer)).isEmpty();
    }

    @Test
    void anAnswerWithoutAMarkCountsOnlyWhereTheOthersHaveOne() {
        String odd = "It is far. The library never mentions the long way home that everyone here walks on Sundays";
        List<String> most = rows(40, i -> chat("q" + i, "So it seems that " + sentence(i)));
        most.add(chat("q", odd));
        assertThat(codes(check(most))).containsExactly("answer_without_end");
        most.set(40, chat("q", odd.substring(odd.indexOf("The"))));
        assertThat(check(most).findings()).as("a title has no sentence before it").isEmpty();
        List<String> none = rows(40, i -> chat("q" + i, ("So it seems that " + sentence(i)).replace(".", "")));
        none.add(chat("q", odd));
        assertThat(check(none).findings()).isEmpty();
    }

    @Test
    void manyAnswersOfTheGreatestLength() {
        List<String> cut = rows(60, i -> chat("q" + i, longText(i, i % 4 == 0 ? 255 : 110 + i)));
        Finding finding = check(cut).finding("answers_cut_at_length").orElseThrow();
        assertThat(finding.message())
                .startsWith(
                        "15 answers have exactly 255 characters, the greatest length there is (lines 1, 5, 9, 13, 17, …)");
        List<String> free = rows(60, i -> chat("q" + i, longText(i, 110 + 3 * i)));
        assertThat(check(free).finding("answers_cut_at_length")).isEmpty();
    }

    private static String longText(int i, int length) {
        var text = new StringBuilder();
        for (int k = i; text.length() < length; k++) {
            text.append(sentence(k * 7 + i)).append(' ');
        }
        return text.substring(0, length - 1) + "x";
    }

    @Test
    void remainsOfWebPages() {
        assertThat(inAnswer("The shop is <b>open</b> on Sundays.<br>Come in!")).containsExactly("html_remnant");
        assertThat(inAnswer("We use cookies to improve this. The shop is open.")).containsExactly("html_remnant");
        assertThat(codes("How do I write bold in HTML?", "Write <b>bold</b> there.")).isEmpty();
        assertThat(inAnswer("Use `<br>` there.")).isEmpty();
        assertThat(inAnswer("if a <b and b> c then stop.")).isEmpty();
        assertThat(check(rows(30, i -> chat("q" + i, "<p>" + sentence(i) + "</p>"))).findings()).isEmpty();
    }

    @Test
    void lostCharacters() {
        assertThat(inAnswer("The caf\uFFFD is open.")).containsExactly("replacement_character");
        assertThat(inAnswer("The café is open.")).isEmpty();
    }

    @Test
    void instructionsThatWereNeverFilledIn() {
        List<String> lines = ordinary(10);
        lines.add(chat("{{system_prompt}}", "What?", "This one."));
        assertThat(codes(check(lines))).containsExactly("placeholder_system_prompt");
        lines.set(10, chat("Fill {{name}} in where it stands.", "What?", "This one."));
        assertThat(check(lines).findings()).isEmpty();
    }

    @Test
    void answersThatBeginWithTheQuestion() {
        String question = "When does the library open on Saturdays?";
        assertThat(codes(question, question + " It opens at nine in the morning."))
                .containsExactly("answer_repeats_question");
        assertThat(codes(question, "The library opens on Saturdays at nine in the morning.")).isEmpty();
        assertThat(codes("Say hi", "Say hi to all of them from me, please.")).isEmpty();
        assertThat(check(rows(30, i -> chat(sentence(i), sentence(i) + " And so it goes on and on."))).findings())
                .isEmpty();
    }

    @Test
    void whiteSpaceThatOnlySomeAnswersHave() {
        List<String> lines = ordinary(10);
        lines.add(chat("q", "It is so.\n"));
        assertThat(codes(check(lines))).containsExactly("answer_whitespace");
        assertThat(check(lines).findings().getFirst().lines()).containsExactly(11);
        assertThat(check(rows(20, i -> chat("q" + i, sentence(i) + "\n"))).findings()).isEmpty();
    }
}
