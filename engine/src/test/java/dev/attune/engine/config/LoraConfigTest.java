package dev.attune.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.engine.EngineException;
import dev.attune.engine.model.Golden;
import dev.attune.engine.model.LoraAdapter;
import dev.attune.engine.train.Hyperparameters;
import dev.attune.engine.train.JobFixture;
import dev.attune.engine.train.JobSpec;
import dev.attune.engine.train.Tuning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LoraConfigTest {
    private static final String QUERY = "model.layers.0.self_attn.q_proj";
    private static final String DOWN = "model.layers.11.mlp.down_proj";

    @TempDir
    Path dir;

    @Test
    void namesMeanWholeNamesOrTheirEndsAfterADot() {
        LoraTargets targets = LoraTargets.named(List.of("q_proj", "mlp.down_proj", "model.layers.3.mlp.up_proj"));
        assertThat(targets.contains(QUERY)).isTrue();
        assertThat(targets.contains(DOWN)).isTrue();
        assertThat(targets.contains("model.layers.3.mlp.up_proj")).isTrue();
        assertThat(targets.contains("model.layers.13.mlp.up_proj")).isFalse();
        assertThat(LoraTargets.named(List.of("proj")).contains(QUERY)).isFalse();
    }

    @Test
    void aPatternMustMatchTheWholeName() {
        LoraTargets targets = LoraTargets.matching(".*\\.(q|v)_proj");
        assertThat(targets.contains(QUERY)).isTrue();
        assertThat(targets.contains(DOWN)).isFalse();
        assertThat(LoraTargets.matching("q_proj").contains(QUERY)).isFalse();
        assertThat(LoraTargets.allLinear().contains(DOWN)).isTrue();
    }

    @Test
    void aPatternOfRanksMeansTheEndOfANameFromAPartOn() {
        var ranks = new LinkedHashMap<String, Integer>();
        ranks.put("layers\\.0\\.self_attn\\.q_proj", 2);
        ranks.put("(q|v)_proj", 6);
        LoraConfig lora = LoraConfig.of(4, 8, LoraTargets.allLinear()).withPatterns(ranks, Map.of("down_proj", 2.0));
        assertThat(lora.rank(QUERY)).isEqualTo(2);
        assertThat(lora.rank("model.layers.1.self_attn.q_proj")).isEqualTo(6);
        assertThat(lora.rank(DOWN)).isEqualTo(4);
        assertThat(lora.scale(QUERY)).isEqualTo(8.0 / 2);
        assertThat(lora.scale(DOWN)).isEqualTo(2.0 / 4);
        assertThat(lora.stabilized().scale(QUERY)).isEqualTo(8 / Math.sqrt(2));
        assertThat(LoraConfig.of(4, 8, LoraTargets.allLinear()).withPatterns(Map.of("proj", 2), Map.of()).rank(QUERY))
                .isEqualTo(4);
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> LoraConfig.allLinear(0)).isInstanceOf(EngineException.class)
                .hasMessageContaining("rank of an adapter is 0");
        assertThatThrownBy(() -> LoraConfig.allLinear(2).withDropout(1)).hasMessageContaining("dropout");
        assertThatThrownBy(() -> LoraConfig.allLinear(2).withPatterns(Map.of("q_proj", -1), Map.of()))
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> LoraConfig.allLinear(2).withPatterns(Map.of("q_(", 1), Map.of()))
                .hasMessageContaining("q_(");
        assertThatThrownBy(() -> LoraTargets.matching("(")).hasMessageContaining("regular expression");
        assertThatThrownBy(() -> LoraTargets.named(List.of())).hasMessageContaining("target_modules");
    }

    @Test
    void aJobCarriesAllOfIt() {
        LoraConfig lora = LoraConfig.of(4, 6, LoraTargets.matching(".*\\.(q|v)_proj")).withDropout(0.1).stabilized()
                .withPatterns(Map.of("q_proj", 2), Map.of("v_proj", 3.5));
        JobSpec spec = JobSpec.of("ftjob-1", dir, new Tuning.Lora(lora), new Hyperparameters(1, 1, 1), 1);
        Path file = JobFixture.write(dir.resolve("job.json"), new String(spec.toJson(),
                java.nio.charset.StandardCharsets.UTF_8));
        assertThat(JobSpec.read(file)).isEqualTo(spec);
    }

    /** PEFT's own configuration goes through loading and saving with nothing lost. */
    @Test
    void whatPeftWroteIsWrittenAgain() throws Exception {
        for (String name : List.of("llama_bias_dynamic", "phi3_longrope", "gpt2_scaled", "mistral_window")) {
            try (Golden golden = Golden.open(name)) {
                ModelConfig config = ModelConfig.read(golden.dir());
                try (LoraAdapter adapter = LoraAdapter.load(golden.adapter(), config, false)) {
                    adapter.save(dir.resolve(name), "base");
                }
                JsonNode theirs = json(golden.adapter());
                JsonNode ours = json(dir.resolve(name));
                for (String key : List.of("r", "rank_pattern", "use_rslora", "fan_in_fan_out", "lora_dropout",
                        "peft_type", "task_type", "use_dora", "bias")) {
                    assertThat(ours.path(key)).as(name + " " + key).isEqualTo(theirs.path(key));
                }
                assertThat(ours.path("lora_alpha").asDouble()).isEqualTo(theirs.path("lora_alpha").asDouble());
                assertThat(ours.path("alpha_pattern").size()).isEqualTo(theirs.path("alpha_pattern").size());
                assertThat(ours.path("target_modules").values().stream().map(JsonNode::asString).sorted().toList())
                        .isEqualTo(theirs.path("target_modules").values().stream().map(JsonNode::asString).sorted()
                                .toList());
            }
        }
    }

    private static JsonNode json(Path adapter) throws Exception {
        return JsonMapper.shared().readTree(Files.readAllBytes(adapter.resolve("adapter_config.json")));
    }
}
