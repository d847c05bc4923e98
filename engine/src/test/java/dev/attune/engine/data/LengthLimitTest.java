package dev.attune.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.text.MaskedTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LengthLimitTest {
    private static final long SEED = Long.getLong("attune.seed", 5);

    /** Ids 0, 1, 2, …, trained from one place on. */
    private static MaskedTokens example(int length, int trainedFrom) {
        var trained = new boolean[length];
        Arrays.fill(trained, trainedFrom, length, true);
        return new MaskedTokens(IntStream.range(0, length).toArray(), trained);
    }

    private static List<Integer> trainedIds(MaskedTokens example) {
        return IntStream.range(0, example.length()).filter(i -> example.trained()[i]).mapToObj(i -> example.ids()[i])
                .toList();
    }

    @Test
    void whatFitsStaysAsItIsAndIsNotSpokenOf() {
        var limit = new LengthLimit(10, OverLength.TRUNCATE);
        MaskedTokens fits = example(10, 4);
        assertThat(limit.fit(fits)).containsExactly(fits);
        assertThat(limit.told("training")).isEmpty();
    }

    @Test
    void theEndIsCutOffAndCounted() {
        var limit = new LengthLimit(10, OverLength.TRUNCATE);
        assertThat(limit.fit(example(14, 8))).singleElement().satisfies(cut -> {
            assertThat(cut.length()).isEqualTo(10);
            assertThat(trainedIds(cut)).containsExactly(8, 9);
        });
        assertThat(limit.fit(example(14, 11))).as("nothing trained is left").isEmpty();
        assertThat(limit.told("training")).hasValue("2 of 2 examples of the training file have more than 10 tokens:"
                + " 1 was cut and 1 was left out; 18 tokens are lost, 7 of them trained.");
    }

    @Test
    void aDroppedExampleIsLostWhole() {
        var limit = new LengthLimit(10, OverLength.DROP);
        limit.fit(example(3, 1));
        assertThat(limit.fit(example(1014, 14))).isEmpty();
        assertThat(limit.told("validation")).hasValue("1 of 2 examples of the validation file have more than 10 tokens:"
                + " 1 was left out; 1,014 tokens are lost, 1,000 of them trained.");
    }

    @Test
    void aRefusedExampleIsLeftToTheReader() {
        var limit = new LengthLimit(10, OverLength.REFUSE);
        assertThat(limit.refuses(example(11, 1))).isTrue();
        assertThat(limit.refuses(example(10, 1))).isFalse();
        assertThat(new LengthLimit(10, OverLength.SPLIT).refuses(example(11, 1))).isFalse();
    }

    @Test
    void aPairIsCutOrLeftOutAsOne() {
        MaskedTokens lasting = new MaskedTokens(new int[]{0, 1, 99, 98}, new boolean[]{false, false, true, true});
        var limit = new LengthLimit(10, OverLength.TRUNCATE);
        assertThat(limit.fit(example(14, 8), lasting)).hasValueSatisfying(pair -> {
            assertThat(pair.getFirst().length()).isEqualTo(10);
            assertThat(pair.getLast()).isSameAs(lasting);
        });
        assertThat(limit.fit(lasting, example(14, 11))).as("one answer has nothing left").isEmpty();
        assertThat(limit.fit(example(14, 8), example(15, 8))).as("both begin alike").isEmpty();
        assertThat(limit.told("training").orElseThrow()).startsWith("3 of 3 examples")
                .contains("1 was cut and 2 were left out");
        assertThat(new LengthLimit(10, OverLength.DROP).fit(example(14, 8), lasting)).isEmpty();
        assertThat(new LengthLimit(14, OverLength.DROP).fit(example(14, 8), lasting)).isPresent();
    }

    /** Whatever the lengths, splitting trains every trained token once, and no piece is too long. */
    @Test
    void splittingLosesNoTrainedToken() {
        System.out.println("seed " + SEED);
        var random = new SplittableRandom(SEED);
        for (int trial = 0; trial < 500; trial++) {
            int most = random.nextInt(2, 20);
            int length = random.nextInt(2, 90);
            MaskedTokens example = example(length, random.nextInt(1, length));
            var limit = new LengthLimit(most, OverLength.SPLIT);
            var trained = new ArrayList<Integer>();
            for (MaskedTokens piece : limit.fit(example)) {
                assertThat(piece.length()).isBetween(2, most);
                assertThat(piece.trained()[0]).isFalse();
                trained.addAll(trainedIds(piece));
            }
            assertThat(trained).isEqualTo(trainedIds(example));
            limit.told("training").ifPresent(told -> assertThat(told).endsWith(", 0 of them trained."));
        }
    }

    @Test
    void anUnknownPolicyIsNamed() {
        assertThat(OverLength.of("split")).isEqualTo(OverLength.SPLIT);
        assertThatThrownBy(() -> OverLength.of("shrink")).hasMessageContaining("shrink");
    }
}
