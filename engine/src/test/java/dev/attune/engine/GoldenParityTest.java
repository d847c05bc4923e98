package dev.attune.engine;

import static dev.attune.engine.Numbers.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.text.MaskedTokens;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every number of a training step against transformers and PEFT. */
class GoldenParityTest {
    private static final int ROW = 0;

    static Stream<String> models() {
        return Stream.of("llama", "llama3rope_tied", "llama_yarn", "qwen2", "qwen3", "smollm3", "gemma2", "gemma3",
                "gpt2", "mistral_window", "phi3_longrope", "llama_bias_dynamic", "qwen2_window_linear", "qwen3_yarn",
                "gpt2_scaled", "llama_embedding_tied", "llama_embedding", "qwen2_dora", "gpt2_dora");
    }

    private static PackedBatch alone(MaskedTokens example) {
        return PackedBatch.pack(List.of(example), 0);
    }

    private static void assertLogits(Golden golden, CausalLm model, Optional<LoraAdapter> adapter, String name) {
        List<MaskedTokens> examples = golden.examples();
        for (int row = ROW; row < examples.size(); row++) {
            int length = examples.get(row).length();
            float[] logits = Arrays.copyOf(model.logits(alone(examples.get(row)), adapter),
                    length * model.config().vocabularySize());
            assertClose(name + " of sequence " + row, logits, golden.logits(name, row, length), 1e-5);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void logitsAndLossAreThoseOfTransformers(String name) {
        try (Golden golden = Golden.open(name); CausalLm model = CausalLm.load(golden.dir())) {
            assertLogits(golden, model, Optional.empty(), "logits");
            LossSum loss = model.evaluate(PackedBatch.pack(golden.examples(), 0));
            assertThat(loss.meanLoss()).isCloseTo(golden.numbers().floats("loss")[0], within(1e-5));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void adapterStepIsThatOfPeft(String name, @TempDir Path dir) {
        try (Golden golden = Golden.open(name);
                CausalLm model = CausalLm.load(golden.dir());
                LoraAdapter adapter = LoraAdapter.load(golden.adapter(), model.config(), true);
                AdamW optimizer = new AdamW(adapter.parameters(), AdamW.Settings.DEFAULT)) {
            assertLogits(golden, model, Optional.of(adapter), "lora_logits");
            PackedBatch batch = PackedBatch.pack(golden.examples(), 0);
            LossSum loss = model.accumulateGradients(batch, adapter, 1.0 / batch.trainedTokens());
            assertThat(loss.meanLoss()).isCloseTo(golden.numbers().floats("lora_loss")[0], within(1e-5));
            for (Parameters.Slot slot : adapter.parameters().slots()) {
                assertClose("gradient of " + slot.name(),
                        Tensors.floats(adapter.parameters().gradient(slot.name())),
                        golden.numbers().floats("grad.base_model.model." + slot.name()), 1e-4);
            }
            double norm = adapter.parameters().clipGradients(1.0);
            assertThat(norm).isCloseTo(golden.numbers().floats("grad_norm")[0], within(1e-5));
            optimizer.step(1e-3);
            for (Parameters.Slot slot : adapter.parameters().slots()) {
                assertClose(slot.name() + " after one step", Tensors.floats(adapter.parameters().value(slot.name())),
                        golden.numbers().floats("after1.base_model.model." + slot.name()), 1e-4);
            }
            adapter.save(dir.resolve("saved"), "golden");
            try (LoraAdapter again = LoraAdapter.load(dir.resolve("saved"), model.config(), false);
                    CausalLm merged = CausalLm.load(golden.dir(), false)) {
                merged.merge(again);
                assertLogits(golden, merged, Optional.empty(), "merged_after1_logits");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void decodingWithACacheGivesTheLogitsOfTraining(String name) {
        try (Golden golden = Golden.open(name);
                CausalLm model = CausalLm.load(golden.dir());
                LoraAdapter adapter = LoraAdapter.load(golden.adapter(), model.config(), false);
                DecodeSession session = model.decode(Optional.of(adapter), 3, 32)) {
            int[] first = golden.examples().get(0).ids();
            int[] second = golden.examples().get(1).ids();
            session.append(0, Arrays.copyOf(first, 5));
            assertClose("prompt", session.append(2, Arrays.copyOf(second, 2)), next(model, adapter, second, 2), 1e-5);
            for (int i = 0; i < 2; i++) {
                float[][] logits = session.step(new int[]{0, 2}, new int[]{first[5 + i], second[2 + i]});
                assertClose("first, side by side", logits[0], next(model, adapter, first, 6 + i), 1e-5);
                assertClose("second, side by side", logits[1], next(model, adapter, second, 3 + i), 1e-5);
            }
            for (int length = 8; length <= 10; length++) {
                assertClose("first, alone", session.step(new int[]{0}, new int[]{first[length - 1]})[0],
                        next(model, adapter, first, length), 1e-5);
            }
            int vocabulary = model.config().vocabularySize();
            assertClose("whole", session.append(1, first), Arrays.copyOfRange(
                    golden.logits("lora_logits", 0, first.length), 9 * vocabulary, 10 * vocabulary), 1e-5);
        }
    }

    /** The logits of what comes after the first tokens of a sequence, from a pass as training makes it. */
    private static float[] next(CausalLm model, LoraAdapter adapter, int[] ids, int length) {
        int vocabulary = model.config().vocabularySize();
        var prefix = new MaskedTokens(Arrays.copyOf(ids, length), new boolean[length]);
        float[] all = model.logits(alone(prefix), Optional.of(adapter));
        return Arrays.copyOfRange(all, (length - 1) * vocabulary, length * vocabulary);
    }
}
