package dev.attune.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.LoraTargets;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.tensor.Parameters;
import dev.attune.text.MaskedTokens;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.assertj.core.data.Percentage;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TypeMeta;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every backward pass written by hand, in 64 bits, against finite differences: all weights of every family, and all factors
 * of an adapter.
 */
class FamilyGradientTest {
    private static final long SEED = Long.getLong("attune.seed", 17);
    private static final double STEP = 1e-5;

    @BeforeAll
    static void computeInDoubles() {
        System.out.println("seed " + SEED);
        torch.set_default_dtype(type(torch.ScalarType.Double));
    }

    @AfterAll
    static void computeInFloats() {
        torch.set_default_dtype(type(torch.ScalarType.Float));
    }

    private static TypeMeta type(torch.ScalarType type) {
        return torch.scalarTypeToTypeMeta(type);
    }

    @ParameterizedTest
    @MethodSource("dev.attune.engine.train.GoldenParityTest#models")
    void everyGradientIsTheSlopeOfTheLoss(String name) {
        ModelConfig config;
        try (Golden golden = Golden.open(name)) {
            config = ModelConfig.read(golden.dir());
        }
        LoraConfig lora = LoraConfig.of(3, 5, LoraTargets.allLinear());
        PackedBatch batch = PackedBatch.pack(withoutPadding(config, FullGradientTest.examples(
                new SplittableRandom(SEED), 5, config.vocabularySize() - 1, Math.min(14, config.maxPositions() + 1))),
                20);
        try (CausalLm model = CausalLm.create(config, SEED, false);
                LoraAdapter adapter = LoraAdapter.create(lora, config, SEED)) {
            fill(model.weights(), 0.3);
            fill(adapter.parameters(), 0.2);
            model.accumulateGradients(batch, 0.25);
            assertSlopes(name, model.weights(), () -> 0.25 * model.evaluate(batch).loss());
            model.accumulateGradients(batch, adapter, 0.25);
            assertSlopes(name, adapter.parameters(), () -> 0.25 * model.evaluate(batch, adapter).loss());
        }
    }

    /** The padding token's embedding has no gradient, whatever the loss thinks of it. */
    private static List<MaskedTokens> withoutPadding(ModelConfig config, List<MaskedTokens> examples) {
        int padding = config.padTokenId() < 0 ? Integer.MAX_VALUE : config.padTokenId();
        return examples.stream().map(example -> new MaskedTokens(
                Arrays.stream(example.ids()).map(id -> id < padding ? id : id + 1).toArray(), example.trained()))
                .toList();
    }

    private static void fill(Parameters parameters, double deviation) {
        try (var scope = new PointerScope()) {
            torch.manual_seed(SEED);
            parameters.values().normal_(0, deviation, new org.bytedeco.pytorch.GeneratorOptional());
            parameters.gradients().zero_();
        }
    }

    private static void assertSlopes(String model, Parameters parameters, DoubleSupplier loss) {
        for (Parameters.Slot slot : parameters.slots()) {
            try (var scope = new PointerScope()) {
                Tensor value = parameters.value(slot.name());
                Tensor gradient = parameters.gradient(slot.name());
                double norm = gradient.norm().item_double();
                assertThat(norm).as(model + " " + slot.name()).isPositive();
                Tensor before = value.clone();
                value.add_(gradient, new Scalar(STEP / norm));
                double up = loss.getAsDouble();
                value.copy_(before).sub_(gradient, new Scalar(STEP / norm));
                double down = loss.getAsDouble();
                value.copy_(before);
                assertThat((up - down) / (2 * STEP)).as(model + " " + slot.name()).isCloseTo(norm,
                        Percentage.withPercentage(1e-3));
            }
        }
    }
}
