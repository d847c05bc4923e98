package dev.attune.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.Rope;
import dev.attune.engine.tensor.Numbers;
import dev.attune.engine.tensor.Safetensors;
import dev.attune.engine.tensor.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The same model, written as older and newer programs write it. */
class CheckpointDialectsTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    Path dir;

    private static ObjectNode config(Golden golden) throws IOException {
        return (ObjectNode) JSON.readTree(Files.readString(golden.dir().resolve("config.json")));
    }

    private void writeConfig(JsonNode json) throws IOException {
        Files.writeString(dir.resolve("config.json"), JSON.writeValueAsString(json));
    }

    private void writeWeights(Golden golden, UnaryOperator<String> names, SafetensorsWriter.DataType type)
            throws IOException {
        try (Safetensors weights = Safetensors.openModel(golden.dir())) {
            var writer = new SafetensorsWriter();
            for (String name : weights.names()) {
                writer.add(names.apply(name), type, weights.shape(name), MemorySegment.ofArray(weights.floats(name)));
            }
            writer.write(dir.resolve("model.safetensors"));
        }
    }

    private void assertSameLogits(Golden golden, Path other, double tolerance) {
        PackedBatch batch = PackedBatch.pack(golden.examples(), 0);
        try (CausalLm expected = CausalLm.load(golden.dir()); CausalLm model = CausalLm.load(other)) {
            Numbers.assertClose(golden.dir().toString(), model.logits(batch, Optional.empty()),
                    expected.logits(batch, Optional.empty()), tolerance);
        }
    }

    /** Keys of transformers 4 for what transformers 5 says in rope_parameters and layer_types. */
    private void assertOlderConfigIsTheSame(String name, Map<String, Object> older) throws IOException {
        try (Golden golden = Golden.open(name)) {
            ObjectNode json = config(golden);
            json.remove(
                    List.of("rope_parameters", "layer_types", "no_rope_layers", "dtype", "_sliding_window_pattern"));
            older.forEach((key, value) -> json.set(key, JSON.valueToTree(value)));
            writeConfig(json);
            assertThat(ModelConfig.read(dir)).isEqualTo(ModelConfig.read(golden.dir()));
        }
    }

    @Test
    void configurationsOfTransformersFourAreThoseOfFive() throws IOException {
        assertOlderConfigIsTheSame("llama", Map.of("rope_theta", 10000.0));
        assertOlderConfigIsTheSame("llama3rope_tied", Map.of("rope_theta", 500000.0, "rope_scaling", Map.of("type",
                "llama3", "factor", 8.0, "low_freq_factor", 1.0, "high_freq_factor", 4.0,
                "original_max_position_embeddings", 16)));
        assertOlderConfigIsTheSame("llama_yarn", Map.of("rope_scaling",
                Map.of("rope_type", "yarn", "factor", 4.0, "original_max_position_embeddings", 16)));
        assertOlderConfigIsTheSame("qwen2", Map.of("rope_theta", 10000.0, "sliding_window", 4096));
        assertOlderConfigIsTheSame("qwen2_window_linear", Map.of("rope_theta", 1000000.0, "rope_scaling",
                Map.of("type", "linear", "factor", 4.0)));
        assertOlderConfigIsTheSame("smollm3", Map.of("no_rope_layer_interval", 2));
        assertOlderConfigIsTheSame("gemma2", Map.of("rope_theta", 10000.0));
        assertOlderConfigIsTheSame("gemma3", Map.of("rope_theta", 1000000.0, "rope_local_base_freq", 10000.0,
                "sliding_window_pattern", 2));
        assertOlderConfigIsTheSame("phi3_longrope", Map.of("rope_theta", 10000.0, "partial_rotary_factor", 0.8,
                "rope_scaling", Map.of("type", "su", "short_factor", List.of(1.0, 1.1, 1.3, 1.6), "long_factor",
                        List.of(1.5, 2.0, 3.0, 5.0))));
    }

    /** What a published Gemma 3 leaves out of its text part has the meaning that transformers gives it. */
    @Test
    void whatAFamilyLeavesOutHasItsUsualMeaning() throws IOException {
        Files.writeString(dir.resolve("config.json"), """
                {"model_type": "gemma3", "eos_token_id": [1, 106], "text_config": {"model_type": "gemma3_text",
                 "hidden_size": 2560, "intermediate_size": 10240, "num_hidden_layers": 34, "sliding_window": 1024,
                 "rope_scaling": {"factor": 8.0, "rope_type": "linear"}}}""");
        ModelConfig config = ModelConfig.read(dir);
        assertThat(config.heads()).isEqualTo(8);
        assertThat(config.keyValueHeads()).isEqualTo(4);
        assertThat(config.headSize()).isEqualTo(256);
        assertThat(config.vocabularySize()).isEqualTo(262208);
        assertThat(config.tiedEmbeddings()).isTrue();
        assertThat(config.eosTokenIds()).containsExactly(1, 106);
        assertThat(config.plan()).extracting(ModelConfig.Layer::window).startsWith(1024, 1024, 1024, 1024, 1024, 0);
        assertThat(config.plan().get(5).rope()).contains(new Rope(1e6, new Rope.Scaling.Linear(8)));
        assertThat(config.plan().get(0).rope()).contains(new Rope(1e4, new Rope.Scaling.None()));
    }

    /** As transformers does, which has no such key in this family. */
    @Test
    void whatMeansSomethingElsewhereIsReadOver() throws IOException {
        try (Golden golden = Golden.open("qwen2")) {
            ObjectNode json = config(golden);
            json.put("attention_bias", true).put("mlp_bias", true).put("attn_logit_softcapping", 5)
                    .put("final_logit_softcapping", 3).put("query_pre_attn_scalar", 9).put("scale_attn_weights", false);
            writeConfig(json);
            assertThat(ModelConfig.read(dir)).isEqualTo(ModelConfig.read(golden.dir()));
        }
    }

    @Test
    void theTextPartOfAModelThatAlsoSeesIsFound() throws IOException {
        for (String prefix : List.of("language_model.model.", "model.language_model.")) {
            try (Golden golden = Golden.open("gemma3")) {
                ObjectNode text = config(golden);
                writeConfig(JSON.createObjectNode().put("model_type", "gemma3").set("text_config", text));
                writeWeights(golden, name -> name.replaceFirst("^model\\.", prefix), SafetensorsWriter.DataType.F32);
                assertSameLogits(golden, dir, 0);
                try (CausalLm model = CausalLm.load(dir);
                        LoraAdapter adapter = LoraAdapter.load(golden.adapter(), model.config(), false)) {
                    adapter.save(dir.resolve("adapter"), "gemma");
                    float[] logits = model.logits(PackedBatch.pack(golden.examples().subList(0, 1), 0),
                            Optional.of(adapter));
                    Numbers.assertClose("adapter", java.util.Arrays.copyOf(logits, 10 * 96),
                            golden.logits("lora_logits", 0, 10), 1e-5);
                }
                try (Safetensors saved = Safetensors.openFile(dir.resolve("adapter/adapter_model.safetensors"))) {
                    assertThat(saved.names()).allMatch(
                            name -> name.startsWith("base_model.model.model.language_model.layers."));
                }
            }
        }
    }

    @Test
    void anOldGpt2WithoutPrefixIsFound() throws IOException {
        try (Golden golden = Golden.open("gpt2")) {
            writeConfig(config(golden));
            writeWeights(golden, name -> name.replaceFirst("^transformer\\.", ""), SafetensorsWriter.DataType.F32);
            assertSameLogits(golden, dir, 0);
        }
    }

    @Test
    void narrowerNumbersAreWidened() throws IOException {
        try (Golden golden = Golden.open("qwen3")) {
            writeConfig(config(golden));
            writeWeights(golden, UnaryOperator.identity(), SafetensorsWriter.DataType.BF16);
            assertSameLogits(golden, dir, 0.03);
        }
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        try (Golden golden = Golden.open("mistral_window"); var files = Files.list(golden.dir())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, dir.resolve(file.getFileName().toString()));
            }
        }
        assertThat(dir.resolve("model.safetensors.index.json")).exists();
        CausalLm.load(dir).close();
        Path shard = dir.resolve("model-00002-of-00006.safetensors");
        Files.delete(shard);
        assertThatThrownBy(() -> CausalLm.load(dir)).isInstanceOf(EngineException.class)
                .hasMessageContaining(shard.getFileName().toString()).hasMessageContaining("missing");
    }
}
