package dev.attune.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.Rope;
import dev.attune.engine.tensor.Parameters;
import dev.attune.text.MaskedTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** The gradients of a model's own weights, formed by hand, against slopes of the loss. */
public class FullGradientTest {
    private static final long SEED = Long.getLong("attune.seed", 11);

    public static ModelConfig config(boolean tied) {
        return ModelConfig.llama(48, 24, 40, 2, 4, 2, 6, 1e-6, 64, tied,
                new Rope(10000, new Rope.Scaling.None()), 1, List.of(2));
    }

    public static List<MaskedTokens> examples(SplittableRandom random, int count) {
        return examples(random, count, 48, 14);
    }

    /** @param longest tokens of the longest example, excluded */
    public static List<MaskedTokens> examples(SplittableRandom random, int count, int vocabulary, int longest) {
        var examples = new ArrayList<MaskedTokens>();
        for (int i = 0; i < count; i++) {
            int length = random.nextInt(4, longest);
            int[] ids = random.ints(length, 0, vocabulary).toArray();
            var trained = new boolean[length];
            Arrays.fill(trained, length / 3, length, true);
            examples.add(new MaskedTokens(ids, trained));
        }
        return examples;
    }

    /** Moves along the gradient of each tensor in turn: the loss must rise by what the gradient says. */
    @Test
    void everyTensorsGradientIsTheSlopeOfTheLoss() {
        System.out.println("seed " + SEED);
        for (boolean tied : new boolean[]{true, false}) {
            try (CausalLm model = CausalLm.create(config(tied), SEED, false)) {
                Parameters weights = model.weights();
                shake(weights);
                PackedBatch batch = PackedBatch.pack(examples(new SplittableRandom(SEED), 5), 24);
                model.accumulateGradients(batch, 1);
                for (Parameters.Slot slot : weights.slots()) {
                    assertSlope(model, weights, slot, batch);
                }
            }
        }
    }

    public static void shake(Parameters weights) {
        var random = new SplittableRandom(SEED + 1);
        for (Parameters.Slot slot : weights.slots()) {
            for (long i = 0; i < slot.size(); i++) {
                var memory = weights.memory(slot);
                float old = memory.getAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, i);
                memory.setAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, i,
                        old + (float) random.nextGaussian() * 0.15f);
            }
        }
    }

    private static void assertSlope(CausalLm model, Parameters weights, Parameters.Slot slot, PackedBatch batch) {
        try (var scope = new PointerScope()) {
            Tensor value = weights.value(slot.name());
            Tensor gradient = weights.gradient(slot.name());
            double norm = gradient.norm().item_float();
            assertThat(norm).as(slot.name()).isPositive();
            double step = 1e-2;
            Tensor before = value.clone();
            value.add_(gradient, new Scalar(step / norm));
            double up = model.evaluate(batch).loss();
            value.copy_(before).sub_(gradient, new Scalar(step / norm));
            double down = model.evaluate(batch).loss();
            value.copy_(before);
            assertThat((up - down) / (2 * step)).as(slot.name()).isCloseTo(norm,
                    org.assertj.core.data.Percentage.withPercentage(1));
        }
    }
}
