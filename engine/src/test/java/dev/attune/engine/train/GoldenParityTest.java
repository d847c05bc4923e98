package dev.attune.engine.train;

import dev.attune.engine.model.Golden;
import dev.attune.engine.model.GoldenChecks;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every number of a training step against transformers and PEFT. */
class GoldenParityTest {
    static Stream<String> models() {
        return Stream.of("llama", "llama3rope_tied", "llama_yarn", "qwen2", "qwen3", "smollm3", "gemma2", "gemma3",
                "gpt2", "mistral_window", "phi3_longrope", "llama_bias_dynamic", "qwen2_window_linear", "qwen3_yarn",
                "gpt2_scaled", "llama_embedding_tied", "llama_embedding", "llama_embedding_pad", "gemma3_bounded",
                "qwen2_dora", "gpt2_dora");
    }

    @ParameterizedTest
    @MethodSource("models")
    void logitsAndLossAreThoseOfTransformers(String name) {
        try (Golden golden = Golden.open(name)) {
            GoldenChecks.logitsAndLoss(golden);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void adapterStepIsThatOfPeft(String name, @TempDir Path dir) {
        try (Golden golden = Golden.open(name)) {
            GoldenChecks.adapterStep(golden, dir);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void decodingWithACacheGivesTheLogitsOfTraining(String name) {
        try (Golden golden = Golden.open(name)) {
            GoldenChecks.decodingWithCache(golden);
        }
    }
}
