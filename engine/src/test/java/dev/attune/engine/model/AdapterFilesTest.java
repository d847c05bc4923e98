package dev.attune.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.LoraTargets;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.Rope;
import dev.attune.engine.tensor.AdamW;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.Safetensors;
import dev.attune.engine.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterFilesTest {
    @TempDir
    Path dir;

    @Test
    void aNewAdapterChangesNothingAndIsTheSameForTheSameSeed() {
        PackedBatch batch = PackedBatch.pack(FullGradientTest.examples(new SplittableRandom(1), 4), 32);
        ModelConfig config = FullGradientTest.config(true);
        try (CausalLm model = CausalLm.create(config, 1, false);
                LoraAdapter adapter = LoraAdapter.create(LoraConfig.allLinear(4), config, 9);
                LoraAdapter same = LoraAdapter.create(LoraConfig.allLinear(4), config, 9);
                LoraAdapter other = LoraAdapter.create(LoraConfig.allLinear(4), config, 10)) {
            assertThat(model.logits(batch, Optional.of(adapter)))
                    .containsExactly(model.logits(batch, Optional.empty()));
            assertThat(Tensors.floats(same.parameters().values()))
                    .containsExactly(Tensors.floats(adapter.parameters().values()));
            assertThat(Tensors.floats(other.parameters().values()))
                    .isNotEqualTo(Tensors.floats(adapter.parameters().values()));
        }
    }

    @Test
    void onlyTheNamedLayersAreAdapted() {
        var lora = LoraConfig
                .of(2, 4, LoraTargets.named(List.of("q_proj", "mlp.down_proj", "model.layers.1.self_attn.v_proj")))
                .stabilized();
        try (LoraAdapter adapter = LoraAdapter.create(lora, FullGradientTest.config(true), 1)) {
            assertThat(adapter.parameters().slots()).extracting(Parameters.Slot::name)
                    .filteredOn(name -> name.endsWith("lora_A.weight")).containsExactlyInAnyOrder(
                            "model.layers.0.self_attn.q_proj.lora_A.weight",
                            "model.layers.0.mlp.down_proj.lora_A.weight",
                            "model.layers.1.self_attn.q_proj.lora_A.weight",
                            "model.layers.1.self_attn.v_proj.lora_A.weight",
                            "model.layers.1.mlp.down_proj.lora_A.weight");
            assertThat(adapter.config().scale("model.layers.0.self_attn.q_proj")).isEqualTo(4 / Math.sqrt(2));
        }
    }

    @Test
    void anAdapterOfSomeLayersOfAGroupTrainsLikeAnyOther() {
        var lora = LoraConfig.of(2, 4, LoraTargets.named(List.of("q_proj", "v_proj", "up_proj")));
        PackedBatch batch = PackedBatch.pack(FullGradientTest.examples(new SplittableRandom(1), 4), 32);
        try (CausalLm model = CausalLm.create(FullGradientTest.config(true), 1, false);
                LoraAdapter adapter = LoraAdapter.create(lora, model.config(), 9);
                AdamW optimizer = new AdamW(adapter.parameters(), AdamW.Settings.DEFAULT)) {
            FullGradientTest.shake(model.weights());
            double before = model.evaluate(batch, adapter).meanLoss();
            for (int i = 0; i < 30; i++) {
                adapter.parameters().zeroGradients();
                model.accumulateGradients(batch, adapter, 1.0 / batch.trainedTokens());
                optimizer.step(1e-2);
            }
            assertThat(model.evaluate(batch, adapter).meanLoss()).isLessThan(before - 0.5);
            double merged = model.evaluate(batch, adapter).meanLoss();
            model.merge(adapter);
            assertThat(model.evaluate(batch).meanLoss()).isCloseTo(merged,
                    org.assertj.core.api.Assertions.within(1e-5));
        }
    }

    @Test
    void anAdapterOfAnotherModelIsRefused() {
        ModelConfig small = FullGradientTest.config(true);
        var rope = new Rope(10000, new Rope.Scaling.None());
        try (LoraAdapter adapter = LoraAdapter.create(LoraConfig.allLinear(2), small, 1)) {
            adapter.save(dir, "small");
        }
        var large = ModelConfig.llama(48, 32, 40, 2, 4, 2, 8, 1e-6, 64, true, rope, 1, List.of(2));
        assertThatThrownBy(() -> LoraAdapter.load(dir, large, false)).isInstanceOf(EngineException.class)
                .hasMessageContaining("does not fit the base model");
    }

    @Test
    void moreThanLoraAndDoraIsRefusedByName() throws IOException {
        try (LoraAdapter adapter = LoraAdapter.create(LoraConfig.allLinear(2), FullGradientTest.config(true), 1)) {
            adapter.save(dir, "small");
        }
        Path config = dir.resolve("adapter_config.json");
        String plain = Files.readString(config);
        Files.writeString(config, plain.replaceFirst("\"use_dora\"", "\"lora_bias\": true, \"use_dora\""));
        assertThatThrownBy(() -> LoraAdapter.load(dir, FullGradientTest.config(true), false))
                .hasMessageContaining("lora_bias");
        Files.writeString(config, plain.replaceFirst("\"use_dora\" ?: ?false", "\"use_dora\": true"));
        assertThatThrownBy(() -> LoraAdapter.load(dir, FullGradientTest.config(true), false)).as("without magnitudes")
                .hasMessageContaining("lora_magnitude_vector");
        Files.delete(config);
        assertThatThrownBy(() -> LoraAdapter.load(dir, FullGradientTest.config(true), false))
                .hasMessageContaining("adapter_config.json is missing");
    }

    @Test
    void anEmbeddingApartFromItsTiedHeadIsRefused() throws IOException {
        try (CausalLm model = CausalLm.create(FullGradientTest.config(true), 3, false);
                LoraAdapter adapter = LoraAdapter.create(LoraConfig.allLinear(2).withEmbedding(), model, 1)) {
            adapter.save(dir, "small");
        }
        try (Safetensors file = Safetensors.openFile(dir.resolve("adapter_model.safetensors"))) {
            assertThat(file.names()).contains("base_model.model.model.embed_tokens.weight",
                    "base_model.model.lm_head.weight");
        }
        Path config = dir.resolve("adapter_config.json");
        String saved = Files.readString(config);
        LoraAdapter.load(dir, FullGradientTest.config(true), false).close();
        Files.writeString(config,
                saved.replaceFirst("\"ensure_weight_tying\" ?: ?true", "\"ensure_weight_tying\": false"));
        assertThatThrownBy(() -> LoraAdapter.load(dir, FullGradientTest.config(true), false))
                .hasMessageContaining("ensure_weight_tying");
        Files.writeString(config, saved.replace("\"embed_tokens\"", "\"score\""));
        assertThatThrownBy(() -> LoraAdapter.load(dir, FullGradientTest.config(true), false))
                .hasMessageContaining("trains score as a whole");
    }

    @Test
    void noSuchLayerIsRefused() {
        var lora = LoraConfig.of(2, 4, LoraTargets.named(List.of("c_attn")));
        assertThatThrownBy(() -> LoraAdapter.create(lora, FullGradientTest.config(true), 1))
                .hasMessageContaining("c_attn");
    }
}
