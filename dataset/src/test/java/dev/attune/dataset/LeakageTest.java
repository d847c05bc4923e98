package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeakageTest {
    private static final Dataset TRAINING = Rows
            .of(List.of(Rows.chat("Be kind.", "where is my parcel 12345 please", "Soon."),
                    Rows.chat("Be kind.", "I want my money back", "Of course."),
                    Rows.chat("Be kind.", "Do you sell lamps?", "Yes.")));

    @Test
    void rowsThatWereTrainedOnAreNamed() {
        Dataset test = Rows.of(List.of(Rows.chat("Be kind.", "Which colours are there?", "Red."),
                Rows.chat("Other instructions.", "do you  sell LAMPS?", "No."),
                Rows.chat("Be kind.", "where is my parcel 12346 please", "Soon.")));
        assertThat(Leakage.between(TRAINING, test)).extracting(Problem::toString).containsExactly(
                "line 2: the row asks the same as line 3 of rows.jsonl, so it measures what was learned by heart; remove one of the two",
                "line 3: the row asks nearly the same as line 1 of rows.jsonl, so it measures what was learned by heart; remove one of the two");
    }

    @Test
    void rowsThatAreNewAreNot() {
        assertThat(
                Leakage.between(TRAINING, Rows.of(List.of(Rows.chat("Be kind.", "Good morning to all of you", "Hi.")))))
                .isEmpty();
        assertThat(Leakage.between(TRAINING, Rows.of(List.of()))).isEmpty();
        assertThat(Leakage.between(Rows.of(List.of()), TRAINING)).isEmpty();
    }

    @Test
    void aSplitHasNone() {
        var lines = IntStream.range(0, 60)
                .mapToObj(i -> Rows.chat("Question " + Integer.toString(i * 7919 * 31, 36) + " about "
                        + Integer.toString(i * 104_729, 36) + (i % 3 == 0 ? "" : "?"), "a"))
                .toList();
        Split split = new DatasetSplitter(0, 0.3, 5).split(Rows.of(lines));
        assertThat(Leakage.between(new Dataset(Path.of("a"), split.train(), List.of()),
                new Dataset(Path.of("b"), split.test(), List.of()))).isEmpty();
    }

    private static String of(String customer, String chat) {
        return chat.substring(0, chat.length() - 1) + ",\"customer\":\"" + customer + "\"}";
    }

    @Test
    void theStrongestKindIsNamedWithBothLines() {
        Dataset training = Rows.of(List.of(of("a", Rows.chat("where is my parcel 12345 please", "Soon.")),
                of("b", Rows.chat("I want my money back", "Of course.")),
                of("c", Rows.chat("My name is Anna Smith and I live in Leeds at number 7, who comes?", "Bob.")),
                of("d", Rows.chat("where is my parcel 12347 please", "Soon."))));
        Dataset test = Rows.of(List.of(of("b", Rows.chat("Do you sell lamps and chairs?", "Yes.")),
                of("e", Rows.chat("I want my money  back", "Of course.")),
                of("b", Rows.chat("where is my parcel 12346 please", "Soon.")),
                of("f", Rows.chat("My name is Bartholomew and I live in Wolverhampton at number 1234, who comes?",
                        "Bob.")),
                of("g", Rows.chat("Something that nobody asked before", "x"))));
        assertThat(Leakage.find(training, test, new RowKey("customer")))
                .extracting(leak -> leak.kind() + " " + leak.heldOutLine() + " " + leak.trainingLine())
                .containsExactly("SAME_GROUP 1 2", "SAME_QUESTION 2 2", "NEAR_QUESTION 3 1", "SAME_TEMPLATE 4 3");
        assertThat(Leakage.find(training, test, RowKey.NONE)).extracting(Leak::heldOutLine).containsExactly(2, 3, 4);
        assertThat(Leakage.between(training, test)).extracting(Problem::severity).containsExactly(Severity.WARNING,
                Severity.WARNING, Severity.ADVICE);
        assertThat(Leakage.find(training, test, new RowKey("customer")).getFirst().problem().toString()).isEqualTo(
                "line 1: the row belongs to the same group as line 2 of rows.jsonl, so it measures less than a new one would; keep each group in one file");
    }

    @Test
    void numbersNamesAndAddressesAreMasked() {
        String masked = MaskedText
                .of("Dear Anna, my order 12-345 of 3.5 kg has not come; write to me@home.org or see https://a.b/c.");
        assertThat(masked).isEqualTo(MaskedText
                .of("Dear Bartholomew Miller, my order 7 of 12 kg has not come; write to you@work.com or see www.x.org"))
                .isNotEmpty();
        assertThat(masked).isNotEqualTo(
                MaskedText.of("Dear Anna, my order 12 of 3 kg has come; write to a@b.org or see www.x.org"));
        assertThat(MaskedText.of("nothing here is a name or a number")).isEmpty();
        assertThat(MaskedText.of("Anna paid 12")).as("too little is left").isEmpty();
        assertThat(MaskedText.of("")).isEmpty();
    }
}
