package dev.attune.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.LoraTargets;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.Tensors;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DropoutTest {
    private static final long SEED = Long.getLong("attune.seed", 21);

    private CausalLm model = CausalLm.create(FullGradientTest.config(true), SEED, false);
    private LoraAdapter adapter = LoraAdapter.create(LoraConfig.of(3, 6, LoraTargets.named(
            List.of("q_proj", "v_proj", "o_proj", "up_proj", "down_proj"))).withDropout(0.3), model.config(), SEED);
    private final PackedBatch batch = PackedBatch.pack(FullGradientTest.examples(new SplittableRandom(SEED), 5), 24);

    @BeforeEach
    void shake() {
        System.out.println("seed " + SEED);
        FullGradientTest.shake(model.weights());
        FullGradientTest.shake(adapter.parameters());
    }

    @AfterEach
    void close() {
        adapter.close();
        model.close();
    }

    private double loss(long seed) {
        return model.accumulateGradients(batch, adapter, 1, seed).loss();
    }

    @Test
    void theSeedDecidesWhatIsLeftOut() {
        double first = loss(1);
        assertThat(loss(1)).isEqualTo(first);
        assertThat(loss(2)).isNotEqualTo(first);
    }

    @Test
    void whatIsMeasuredIsNotTouched() {
        double whole = model.evaluate(batch, adapter).loss();
        double sum = 0;
        for (int seed = 0; seed < 40; seed++) {
            sum += loss(seed);
        }
        assertThat(model.evaluate(batch, adapter).loss()).isEqualTo(whole);
        assertThat(sum / 40).isCloseTo(whole, Percentage.withPercentage(20));
    }

    @Test
    void aShareIsLeftOutAndTheRestMadeUp() {
        try (var scope = new PointerScope()) {
            Tensor ones = Tensors.zeros(200, 300).add_(new Scalar(1f));
            var dropout = new Dropout(0.3, SEED);
            Tensor kept = dropout.choose(ones);
            assertThat(dropout.apply(ones, kept).mean().item_double()).isCloseTo(1, within(0.02));
            assertThat(Tensors.floats(dropout.apply(ones, kept))).containsOnly(0f, (float) (1 / 0.7));
        }
    }

    /** Moves along the gradient of each factor in turn: the loss under the same seed must rise as the gradient says. */
    @Test
    void theGradientIsTheSlopeOfTheLossUnderTheSameSeed() {
        Parameters parameters = adapter.parameters();
        for (Parameters.Slot slot : parameters.slots()) {
            parameters.zeroGradients();
            loss(SEED);
            try (var scope = new PointerScope()) {
                Tensor value = parameters.value(slot.name());
                Tensor direction = parameters.gradient(slot.name()).clone();
                double norm = direction.norm().item_float();
                double step = 1e-2;
                Tensor before = value.clone();
                value.add_(direction, new Scalar(step / norm));
                double up = loss(SEED);
                value.copy_(before).sub_(direction, new Scalar(step / norm));
                double down = loss(SEED);
                value.copy_(before);
                assertThat((up - down) / (2 * step)).as(slot.name()).isCloseTo(norm, Percentage.withPercentage(1));
            }
        }
    }
}
