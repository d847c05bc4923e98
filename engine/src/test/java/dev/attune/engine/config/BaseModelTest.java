package dev.attune.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.engine.EngineException;
import dev.attune.engine.model.CausalLm;
import dev.attune.engine.model.FullGradientTest;
import dev.attune.engine.model.ModelFiles;
import dev.attune.engine.model.PackedBatch;
import dev.attune.engine.tensor.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaseModelTest {
    @TempDir
    Path dir;

    @Test
    void whatDecidesTheAnswersIsCountedAndNothingElse() throws IOException {
        try (CausalLm model = CausalLm.create(FullGradientTest.config(true), 1, false)) {
            ModelFiles.write(model, dir, SafetensorsWriter.DataType.BF16);
        }
        String hash = BaseModel.hash(dir);
        assertThat(hash).matches("[0-9a-f]{64}");
        Files.writeString(dir.resolve("README.md"), "words");
        assertThat(BaseModel.hash(dir)).isEqualTo(hash);
        Files.writeString(dir.resolve("chat_template.jinja"), "{{ messages }}");
        assertThat(BaseModel.hash(dir)).isNotEqualTo(hash);
    }

    @Test
    void aWrittenModelIsLoadedWithItsLoss() {
        var examples = FullGradientTest.examples(new java.util.SplittableRandom(1), 4);
        PackedBatch batch = PackedBatch.pack(examples, 32);
        for (boolean tied : new boolean[]{true, false}) {
            double loss;
            try (CausalLm model = CausalLm.create(FullGradientTest.config(tied), 1, false)) {
                FullGradientTest.shake(model.weights());
                ModelFiles.write(model, dir, SafetensorsWriter.DataType.F32);
                loss = model.evaluate(batch).loss();
            }
            try (CausalLm loaded = CausalLm.load(dir, false)) {
                assertThat(loaded.evaluate(batch).loss()).isEqualTo(loss);
                assertThat(loaded.parameterCount()).isEqualTo(loaded.weights().size());
            }
        }
    }

    @Test
    void weightsThatDoNotBelongToTheConfigAreNamed() throws IOException {
        try (CausalLm model = CausalLm.create(FullGradientTest.config(true), 1, false)) {
            ModelFiles.write(model, dir, SafetensorsWriter.DataType.F32);
        }
        Path config = dir.resolve("config.json");
        Files.writeString(config, Files.readString(config).replaceFirst("\"vocab_size\" ?: ?48", "\"vocab_size\": 50"));
        assertThatThrownBy(() -> CausalLm.load(dir)).isInstanceOf(EngineException.class)
                .hasMessageContaining("model.embed_tokens.weight").hasMessageContaining("[48, 24]")
                .hasMessageContaining("[50, 24]");
    }
}
