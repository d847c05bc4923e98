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
}
