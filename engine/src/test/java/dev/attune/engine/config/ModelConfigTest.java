package dev.attune.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ModelConfigTest {
    private static final String SHAPE = "\"model_type\":\"llama\",\"vocab_size\":96,\"hidden_size\":32,"
            + "\"intermediate_size\":64,\"num_hidden_layers\":2,\"num_attention_heads\":4";

    @TempDir
    Path dir;

    private ModelConfig read(String more) throws IOException {
        Files.writeString(dir.resolve("config.json"), "{" + SHAPE + more + "}");
        return ModelConfig.read(dir);
    }

    @Test
    void theOlderDialectIsRead() throws IOException {
        ModelConfig config = read(",\"rope_theta\":500000.0,\"rope_scaling\":{\"type\":\"linear\",\"factor\":4.0},"
                + "\"num_key_value_heads\":2,\"eos_token_id\":[2,3],\"tie_word_embeddings\":true");
        assertThat(config.plan()).extracting(layer -> layer.rope().orElseThrow())
                .containsOnly(new Rope(500000, new Rope.Scaling.Linear(4)));
        assertThat(config.keyValueHeads()).isEqualTo(2);
        assertThat(config.eosTokenIds()).containsExactly(2, 3);
        assertThat(config.tiedEmbeddings()).isTrue();
    }

    @Test
    void theNewerDialectIsRead() throws IOException {
        ModelConfig config = read(",\"rope_parameters\":{\"rope_type\":\"llama3\",\"rope_theta\":10000.0,"
                + "\"factor\":8.0,\"low_freq_factor\":1.0,\"high_freq_factor\":4.0,"
                + "\"original_max_position_embeddings\":16}");
        assertThat(config.plan()).extracting(layer -> layer.rope().orElseThrow())
                .containsOnly(new Rope(10000, new Rope.Scaling.Llama3(8, 1, 4, 16)));
    }

    @Test
    void whatIsAbsentHasTheUsualMeaning() throws IOException {
        ModelConfig config = read("");
        assertThat(config.keyValueHeads()).isEqualTo(4);
        assertThat(config.headSize()).isEqualTo(8);
        assertThat(config.plan()).extracting(layer -> layer.rope().orElseThrow())
                .containsOnly(new Rope(10000, new Rope.Scaling.None()));
        assertThat(config.tiedEmbeddings()).isFalse();
        assertThat(config.eosTokenIds()).isEmpty();
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        ModelConfig config = read(",\"eos_token_id\":2,\"tie_word_embeddings\":true,\"rms_norm_eps\":1e-5");
        Files.writeString(dir.resolve("config.json"),
                JsonMapper.builder().build().writeValueAsString(LlamaConfigJson.of(config, "bfloat16")));
        assertThat(ModelConfig.read(dir)).isEqualTo(config);
    }

    @Test
    void whatTheEngineDoesNotHaveIsRefusedByName() {
        assertThatThrownBy(() -> read(",\"hidden_act\":\"relu\"")).isInstanceOf(EngineException.class)
                .hasMessageContaining("relu").hasMessageContaining("silu");
        assertThatThrownBy(() -> read(",\"rope_scaling\":{\"rope_type\":\"spiral\"}")).hasMessageContaining("spiral")
                .hasMessageContaining("yarn");
        assertThatThrownBy(() -> read(",\"rope_scaling\":{\"rope_type\":\"linear\"}"))
                .hasMessageContaining("\"factor\"");
        assertThatThrownBy(() -> read(",\"quantization_config\":{\"bits\":4}")).hasMessageContaining("unquantized");
        assertThatThrownBy(() -> read(",\"num_key_value_heads\":3")).hasMessageContaining("multiple");
        assertThatThrownBy(() -> ModelConfig.read(dir.resolve("nowhere"))).hasMessageContaining("no config.json");
    }

    @Test
    void otherFamiliesAreRefusedByName() throws IOException {
        Files.writeString(dir.resolve("config.json"), "{\"model_type\":\"mamba\"}");
        assertThatThrownBy(() -> ModelConfig.read(dir)).hasMessageContaining("\"mamba\"")
                .hasMessageContaining("llama").hasMessageContaining("gemma3_text");
    }
}
