package dev.attune.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.data.EncodedExamples;
import dev.attune.engine.data.TrainingExample;
import dev.attune.engine.tensor.Safetensors;
import dev.attune.engine.tensor.SafetensorsWriter;
import dev.attune.engine.train.Hyperparameters;
import dev.attune.engine.train.JobDirectory;
import dev.attune.engine.train.JobFixture;
import dev.attune.engine.train.JobSpec;
import dev.attune.engine.train.Progress;
import dev.attune.engine.train.Tuning;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models and adapters that cannot be tuned are refused in one sentence, before training begins. */
class BadModelTest {
    @TempDir
    Path dir;

    /** The golden model with one number changed. */
    private void writeWith(float number) throws IOException {
        try (Golden golden = Golden.open("llama"); Safetensors weights = Safetensors.openModel(golden.dir())) {
            Files.copy(golden.dir().resolve("config.json"), dir.resolve("config.json"));
            var writer = new SafetensorsWriter();
            for (String name : weights.names()) {
                float[] values = weights.floats(name);
                if (name.equals("model.layers.1.mlp.up_proj.weight")) {
                    values[7] = number;
                }
                writer.add(name, SafetensorsWriter.DataType.F32, weights.shape(name), MemorySegment.ofArray(values));
            }
            writer.write(dir.resolve("model.safetensors"));
        }
    }

    @Test
    void weightsThatAreNotNumbersAreNamed() throws IOException {
        writeWith(Float.NaN);
        assertThatThrownBy(() -> CausalLm.load(dir)).isInstanceOf(EngineException.class)
                .hasMessageContaining("model.layers.1.mlp.up_proj.weight").hasMessageContaining("NaN");
    }

    @Test
    void infiniteWeightsAreNamed() throws IOException {
        writeWith(Float.NEGATIVE_INFINITY);
        assertThatThrownBy(() -> CausalLm.load(dir)).hasMessageContaining("model.layers.1.mlp.up_proj.weight");
    }

    @Test
    void largeNumbersAreNumbers() throws IOException {
        writeWith(Float.MAX_VALUE);
        CausalLm.load(dir).close();
    }

    @Test
    void aTokenThatTheEmbeddingLacksIsNamedBeforeTheFirstStep() {
        var tokens = new dev.attune.text.MaskedTokens(new int[]{1, 95, 96, 2}, new boolean[4]);
        var examples = EncodedExamples.of(List.of(new TrainingExample.Single(1, tokens)), Optional.empty());
        examples.requireTokensBelow(97, dir);
        assertThatThrownBy(() -> examples.requireTokensBelow(96, dir)).isInstanceOf(EngineException.class)
                .hasMessageContaining("token 96").hasMessageContaining("96 rows").hasMessageContaining("tokenizer");
    }

    @Test
    void anAdapterOfAnotherBaseIsRefusedWithTheNameOfItsBase() throws IOException {
        try (Golden llama = Golden.open("llama"); Golden gpt2 = Golden.open("gpt2")) {
            ModelConfig config = ModelConfig.read(llama.dir());
            try (LoraAdapter adapter = LoraAdapter.load(llama.adapter(), config, false)) {
                adapter.save(dir.resolve("adapter"), "tiny-llama");
            }
            ModelConfig other = ModelConfig.read(Golden.open("qwen3").dir());
            assertThatThrownBy(() -> LoraAdapter.load(dir.resolve("adapter"), other, true))
                    .isInstanceOf(EngineException.class).hasMessageContaining("does not fit the base model")
                    .hasMessageContaining("tiny-llama");
            assertThatThrownBy(() -> LoraAdapter.load(dir.resolve("adapter"), ModelConfig.read(gpt2.dir()), true))
                    .isInstanceOf(EngineException.class).hasMessageContaining("c_attn");
        }
    }

    @Test
    void anAdapterThatIsNotOfNumbersIsRefused() throws IOException {
        try (Golden golden = Golden.open("llama")) {
            ModelConfig config = ModelConfig.read(golden.dir());
            try (LoraAdapter adapter = LoraAdapter.load(golden.adapter(), config, false)) {
                adapter.parameters().memory(adapter.parameters().slots().getFirst())
                        .set(java.lang.foreign.ValueLayout.JAVA_FLOAT, 0, Float.NaN);
                adapter.save(dir, "base");
            }
            assertThatThrownBy(() -> LoraAdapter.load(dir, config, true)).hasMessageContaining("NaN");
        }
    }

    @Test
    void aJobOnADamagedModelFailsWithThatSentence() throws IOException {
        Path base = dir.resolve("base");
        Files.createDirectories(base);
        try (var files = Files.list(JobFixture.BASE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, base.resolve(file.getFileName().toString()));
            }
        }
        byte[] weights = Files.readAllBytes(base.resolve("model.safetensors"));
        Files.write(base.resolve("model.safetensors"), java.util.Arrays.copyOf(weights, weights.length / 2));
        Path training = JobFixture.write(dir.resolve("training.jsonl"), JobFixture.rows(20, 1));
        JobDirectory job = JobDirectory.create(dir.resolve("job"), JobSpec.of("ftjob-bad", base,
                new Tuning.Lora(LoraConfig.allLinear(2)), new Hyperparameters(1, 1, 1), 1), training);
        JobFixture.trainer(job).run();
        assertThat(job.outcome()).get().isInstanceOfSatisfying(Progress.Failed.class, failed -> {
            assertThat(failed.code()).isEqualTo("invalid_model");
            assertThat(failed.message()).contains("model.safetensors");
        });
    }
}
