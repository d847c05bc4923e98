package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ContradictionsTest {
    private static final String QUESTION = "my parcel of last week did not come and nobody told me why, what should I do now";

    /** Twelve rows that have nothing to do with one another, and others. */
    private static Dataset rows(String answer, String other, String... more) {
        String[] words = {"apple", "bridge", "castle", "dolphin", "engine", "falcon", "guitar", "harbour", "island",
                "jungle",
                "kettle", "lantern"};
        var lines = new ArrayList<String>();
        for (int i = 0; i < words.length; i++) {
            lines.add(Rows.chat(words[i] + " " + words[(i * 5 + 2) % 12] + " " + words[(i * 7 + 3) % 12],
                    (i % 2 == 0 ? answer : other) + (answer.contains(" ") ? " " + words[i] : "")));
        }
        lines.addAll(List.of(more));
        return Rows.of(lines);
    }

    private static List<String> found(Dataset dataset) {
        return Contradictions.of(dataset.rows()).problems().stream()
                .map(problem -> problem.severity() + " " + problem.code() + " " + problem.line()).toList();
    }

    @Test
    void twoLabelsForOneQuestionAreAnError() {
        Contradictions found = Contradictions
                .of(rows("spam", "ham", Rows.chat("Is it?", "spam"), Rows.chat("is it?", "ham"),
                        Rows.chat("Is it?", "ham"))
                        .rows());
        assertThat(found.answers()).isEqualTo(AnswerKind.LABEL);
        assertThat(found.problems()).extracting(Problem::severity).containsExactly(Severity.ERROR);
        assertThat(found.groups()).containsExactly(List.of(13, 14, 15));
        assertThat(found.conflictRate()).isEqualTo(0.2);
        assertThat(found.accuracyCeiling()).isCloseTo(14 / 15.0, within(1e-12));
        assertThat(found(rows("spam", "ham", Rows.chat("Is it?", "spam"), Rows.chat("Is it not?", "ham")))).isEmpty();
    }

    @Test
    void twoExtractionsOfOneTextAreAnError() {
        assertThat(found(
                rows("{\"a\":1}", "{\"a\":2,\"b\":\"long text of any kind\"}", Rows.chat("Is it?", "{\"a\":1,\"b\":2}"),
                        Rows.chat("is it?", "{\"b\":2,\"a\":3}"), Rows.chat("Other?", "{\"a\":1,\"b\":2}"),
                        Rows.chat("other?", "{\"b\":2,\"a\":1}"))))
                .containsExactly("ERROR contradiction 14");
    }

    @Test
    void twoWaysToSayItAreAWarning() {
        assertThat(
                found(Rows.of(List.of(Rows.chat("Is it?", "It surely is."), Rows.chat("is it?", "I do not think so."),
                        Rows.chat("Other?", "x")))))
                .containsExactly("WARNING contradiction 2");
    }

    @Test
    void nearlyTheSameQuestionShouldHaveOneLabel() {
        assertThat(found(rows("spam", "ham", Rows.chat(QUESTION, "spam"), Rows.chat(QUESTION + "?", "ham"))))
                .containsExactly("WARNING near_contradiction 14");
        assertThat(found(rows("spam", "ham", Rows.chat(QUESTION, "spam"), Rows.chat(QUESTION + "?", "spam"))))
                .isEmpty();
    }

    @Test
    void nearlyTheSameQuestionMayBeAnsweredInOtherWordsButNotOtherwise() {
        String one = "Please write to us with the number of your order and we will look for it.";
        assertThat(found(rows("something of its own", "another thing that is said", Rows.chat(QUESTION, one),
                Rows.chat(QUESTION + "?", "Write to us with your order number, then we look for it."))))
                .isEmpty();
        assertThat(found(rows("something of its own", "another thing that is said", Rows.chat(QUESTION, one),
                Rows.chat(QUESTION + "?", "Nothing."))))
                .containsExactly("ADVICE near_contradiction 14");
    }

    @Test
    void otherNumbersAndOtherInstructionsMayHaveOtherAnswers() {
        assertThat(found(rows("spam", "ham", Rows.chat(QUESTION + " 17", "spam"), Rows.chat(QUESTION + " 18", "ham"))))
                .isEmpty();
        assertThat(found(rows("spam", "ham", Rows.chat("s", QUESTION, "spam"), Rows.chat("t", QUESTION + "?", "ham"))))
                .isEmpty();
    }

    @Test
    void fillingsOfOneTemplateDoNotContradict() {
        var lines = Stream.of("walnut", "anchor", "basket", "copper", "dragon", "falcon")
                .map(word -> Rows.chat(
                        "Please be so very kind and write the one word that follows here in capitals for me, thank you so much: "
                                + word,
                        word.toUpperCase()))
                .toList();
        assertThat(found(Rows.of(lines))).isEmpty();
    }

    @Test
    void answersAreComparedByTheirWords() {
        assertThat(AnswerConflict.f1("the red house", "a red house")).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(AnswerConflict.f1("a a b", "a c")).isEqualTo(0.4);
        assertThat(AnswerConflict.f1("x", "y")).isZero();
        assertThat(AnswerConflict.f1("", "")).isEqualTo(1);
    }
}
