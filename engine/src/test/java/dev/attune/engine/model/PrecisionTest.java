package dev.attune.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.engine.config.Precision;
import dev.attune.engine.tensor.Numbers;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.SafetensorsWriter;
import dev.attune.engine.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frozen weights in bfloat16 and mapped from their files, against the same in 32-bit floats. */
class PrecisionTest {
    /** A number in bfloat16 is within 2⁻⁹ of what was rounded. */
    private static final double ROUNDING = 1.0 / 512;

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama3rope_tied", "qwen2", "qwen3", "gemma2", "gpt2"})
    void bfloat16FollowsTheReference(String name) {
        try (Golden golden = Golden.open(name);
                CausalLm model = CausalLm.load(golden.dir(), Precision.BFLOAT16);
                LoraAdapter adapter = LoraAdapter.load(golden.adapter(), model.config(), true)) {
            PackedBatch batch = PackedBatch.pack(golden.examples(), 0);
            double loss = model.accumulateGradients(batch, adapter, 1.0 / batch.trainedTokens()).meanLoss();
            double reference = golden.numbers().floats("lora_loss")[0];
            assertThat(loss).isNotEqualTo(reference).isCloseTo(reference, within(4 * ROUNDING * reference));
            for (Parameters.Slot slot : adapter.parameters().slots()) {
                float[] expected = golden.numbers().floats("grad.base_model.model." + slot.name());
                float[] gradient = Tensors.floats(adapter.parameters().gradient(slot.name()));
                assertThat(cosine(gradient, expected)).as(slot.name()).isGreaterThan(0.99);
            }
        }
    }

    /** The same model and factors, computed in bfloat16 by PEFT, are hardly closer to the 32-bit reference. */
    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama3rope_tied", "qwen2", "qwen3", "gemma2", "gpt2"})
    void bfloat16IsAsCloseToTheReferenceAsThatOfPeft(String name) throws IOException {
        var peft = new Properties();
        try (var file = PrecisionTest.class.getResourceAsStream("/golden/bf16.properties")) {
            peft.load(file);
        }
        try (Golden golden = Golden.open(name);
                CausalLm model = CausalLm.load(golden.dir(), Precision.BFLOAT16);
                LoraAdapter adapter = LoraAdapter.load(golden.adapter(), model.config(), true)) {
            PackedBatch batch = PackedBatch.pack(golden.examples(), 0);
            double loss = model.accumulateGradients(batch, adapter, 1.0 / batch.trainedTokens()).meanLoss();
            double reference = golden.numbers().floats("lora_loss")[0];
            assertThat(loss).isCloseTo(Double.parseDouble(peft.getProperty(name + ".loss")),
                    within(ROUNDING * reference));
            double apart = 0;
            double length = 0;
            for (Parameters.Slot slot : adapter.parameters().slots()) {
                float[] expected = golden.numbers().floats("grad.base_model.model." + slot.name());
                float[] gradient = Tensors.floats(adapter.parameters().gradient(slot.name()));
                for (int i = 0; i < expected.length; i++) {
                    apart += Math.pow((double) gradient[i] - expected[i], 2);
                    length += Math.pow(expected[i], 2);
                }
            }
            assertThat(Math.sqrt(apart / length)).as("distance of the gradients")
                    .isLessThan(1.5 * Double.parseDouble(peft.getProperty(name + ".gradients")));
        }
    }

    /** Blocks that are computed once more round alike. */
    @Test
    void inBfloat16RecomputedActivationsGiveTheSameBits() {
        try (Golden golden = Golden.open("llama");
                CausalLm model = CausalLm.load(golden.dir(), Precision.BFLOAT16);
                LoraAdapter adapter = LoraAdapter.load(golden.adapter(), model.config(), true)) {
            PackedBatch batch = PackedBatch.pack(golden.examples(), 0);
            model.accumulateGradients(batch, adapter, 1);
            float[] kept = Tensors.floats(adapter.parameters().gradients());
            adapter.parameters().zeroGradients();
            model.recomputeActivations(true);
            model.accumulateGradients(batch, adapter, 1);
            assertThat(Tensors.floats(adapter.parameters().gradients())).isEqualTo(kept);
        }
    }

    /** Magnitudes are computed in floats: only the matrices and the products with them round. */
    @Test
    void anAdapterWithMagnitudesOnAModelInBfloat16FollowsTheReference() {
        try (Golden golden = Golden.open("qwen2_dora");
                CausalLm model = CausalLm.load(golden.dir(), Precision.BFLOAT16);
                LoraAdapter adapter = LoraAdapter.load(golden.adapter(), model.config(), true)) {
            PackedBatch batch = PackedBatch.pack(golden.examples(), 0);
            double loss = model.accumulateGradients(batch, adapter, 1.0 / batch.trainedTokens()).meanLoss();
            double reference = golden.numbers().floats("lora_loss")[0];
            assertThat(loss).isCloseTo(reference, within(4 * ROUNDING * reference));
        }
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            aa += (double) a[i] * a[i];
            bb += (double) b[i] * b[i];
        }
        return bb == 0 && aa == 0 ? 1 : dot / Math.sqrt(aa * bb);
    }

    /** Products of float weights that lie apart in a mapped file, against those of one matrix in memory. */
    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2", "smollm3"})
    void mappedWeightsGiveTheLogitsOfCopies(String name) {
        try (Golden golden = Golden.open(name);
                CausalLm mapped = CausalLm.load(golden.dir());
                CausalLm copied = CausalLm.load(golden.dir(), false)) {
            PackedBatch batch = PackedBatch.pack(golden.examples(), 0);
            Numbers.assertClose(name, mapped.logits(batch, Optional.empty()), copied.logits(batch, Optional.empty()),
                    1e-5);
        }
    }

    @Test
    void aModelStoredInBfloat16IsTheSameInBothPrecisionsUpToRounding(@TempDir Path dir) throws IOException {
        try (Golden golden = Golden.open("llama"); CausalLm whole = CausalLm.load(golden.dir(), false)) {
            ModelFiles.write(whole, dir, SafetensorsWriter.DataType.BF16);
            byte[] before = Files.readAllBytes(dir.resolve("model.safetensors"));
            PackedBatch batch = PackedBatch.pack(golden.examples(), 0);
            try (CausalLm half = CausalLm.load(dir, Precision.BFLOAT16); CausalLm widened = CausalLm.load(dir)) {
                double loss = widened.evaluate(batch).meanLoss();
                assertThat(half.evaluate(batch).meanLoss()).isCloseTo(loss, within(4 * ROUNDING * loss));
                assertThat(half.decode(Optional.empty(), 1, 16).append(0, Arrays.copyOf(batch.tokens(), 8)))
                        .hasSize(half.config().vocabularySize());
            }
            assertThat(Files.readAllBytes(dir.resolve("model.safetensors"))).isEqualTo(before);
        }
    }
}
