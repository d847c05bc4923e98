package dev.attune.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.engine.tensor.Numbers;
import dev.attune.engine.tensor.Tensors;
import dev.attune.text.MaskedTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Examples that share a row must not see each other, in loss or gradient. */
class PackingTest {
    private static final long SEED = Long.getLong("attune.seed", 5);

    @Test
    void packedLossAndGradientsAreThoseOfEveryExampleAlone() {
        System.out.println("seed " + SEED);
        List<MaskedTokens> examples = FullGradientTest.examples(new SplittableRandom(SEED), 12);
        try (CausalLm model = CausalLm.create(FullGradientTest.config(true), SEED, false)) {
            FullGradientTest.shake(model.weights());
            PackedBatch packed = PackedBatch.pack(examples, 32);
            assertThat(packed.rows()).isLessThan(examples.size());
            LossSum together = model.accumulateGradients(packed, 1);
            float[] gradients = Tensors.floats(model.weights().gradients());
            model.weights().zeroGradients();
            LossSum alone = LossSum.ZERO;
            for (MaskedTokens example : examples) {
                alone = alone.plus(model.accumulateGradients(PackedBatch.pack(List.of(example), 0), 1));
            }
            assertThat(together.tokens()).isEqualTo(alone.tokens());
            assertThat(together.correct()).isEqualTo(alone.correct());
            assertThat(together.loss()).isCloseTo(alone.loss(), within(1e-3));
            Numbers.assertClose("gradients", gradients, Tensors.floats(model.weights().gradients()), 1e-4);
        }
    }

    @Test
    void targetsAreTheNextTokensOfTheSameExample() {
        var filler = new PackedBatch.Filler(1, 8);
        assertThat(filler.add(new MaskedTokens(new int[]{5, 6, 7}, new boolean[]{false, false, true}))).isTrue();
        assertThat(filler.add(new MaskedTokens(new int[]{8, 9}, new boolean[]{false, true}))).isTrue();
        assertThat(filler.add(new MaskedTokens(new int[5], new boolean[5]))).isFalse();
        PackedBatch batch = filler.build();
        assertThat(batch.tokens()).containsExactly(5, 6, 7, 8, 9, 0, 0, 0);
        assertThat(batch.positions()).containsExactly(0, 1, 2, 0, 1, 0, 0, 0);
        assertThat(batch.segments()).containsExactly(0, 0, 0, 1, 1, -1, -1, -1);
        assertThat(batch.targets()).containsExactly(-1, 7, -1, 9, -1, -1, -1, -1);
        assertThat(batch.trainedTokens()).isEqualTo(2);
        assertThat(batch.realTokens()).isEqualTo(5);
    }

    @Test
    void anExampleLongerThanARowIsRefused() {
        var filler = new PackedBatch.Filler(4, 4);
        var tooLong = new MaskedTokens(new int[5], new boolean[5]);
        assertThatThrownBy(() -> filler.add(tooLong)).hasMessageContaining("5 tokens does not fit a row of 4");
    }

    @Test
    void rowsAreDealtToBatchesWithoutLoss() {
        var filler = new PackedBatch.Filler(5, 16);
        var lengths = new ArrayList<Integer>();
        var random = new SplittableRandom(SEED);
        for (int length = random.nextInt(2, 12); filler.add(new MaskedTokens(new int[length], new boolean[length]));) {
            lengths.add(length);
            length = random.nextInt(2, 12);
        }
        List<PackedBatch> parts = filler.build(2);
        assertThat(parts).hasSize(2);
        assertThat(parts.stream().mapToInt(PackedBatch::realTokens).sum())
                .isEqualTo(lengths.stream().mapToInt(Integer::intValue).sum());
    }

    @Test
    void aBatchWithoutTargetsHasNoLossAndNoGradient() {
        try (CausalLm model = CausalLm.create(FullGradientTest.config(false), SEED, false)) {
            var batch = PackedBatch.pack(List.of(new MaskedTokens(new int[]{1, 2, 3}, new boolean[3])), 0);
            assertThat(model.accumulateGradients(batch, 1)).isEqualTo(LossSum.ZERO);
            assertThat(model.weights().gradientNorm()).isZero();
        }
    }
}
