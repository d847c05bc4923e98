package dev.attune.engine.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.model.CausalLm;
import dev.attune.engine.model.LoraAdapter;
import dev.attune.engine.model.MergedWeights;
import dev.attune.engine.model.PackedBatch;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.Safetensors;
import dev.attune.text.MaskedTokens;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tiny models of all families, written in every form, read back, and held against the numbers of PEFT. */
class ModelExportTest {
    @TempDir
    Path dir;

    private static Path golden(String name) {
        try {
            return Path.of(ModelExportTest.class.getResource("/golden/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private ExportRequest request(String model, ExportFormat format, String type, boolean adapterOnly) {
        Path base = golden(model);
        return new ExportRequest(base, Optional.of(base.resolve("adapter")), format, NumberType.of(type), adapterOnly,
                dir.resolve("out"), model);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama3rope_tied", "qwen2", "qwen3", "smollm3", "gemma2", "gemma3", "gpt2",
            "mistral_window", "phi3_longrope", "llama_embedding", "llama_embedding_tied", "qwen2_dora",
            "gpt2_dora"})
    void aMergedFolderGivesTheLogitsOfPeft(String model) {
        ExportReport report = ModelExport.run(request(model, ExportFormat.HF, "", false));

        assertThat(report.difference().orElseThrow().relative()).isLessThan(1e-5);
        try (Safetensors expected = Safetensors.openFile(golden(model).resolve("golden.safetensors"));
                CausalLm merged = CausalLm.load(report.written())) {
            int width = (int) expected.shape("input_ids")[1];
            long[] all = expected.longs("input_ids");
            int[] ids = Arrays.stream(all).limit(width).mapToInt(id -> (int) id).toArray();
            float[] logits = merged.logits(PackedBatch.pack(List.of(new MaskedTokens(ids, new boolean[width])), 0),
                    Optional.empty());
            float[] wanted = expected.floats("lora_logits");
            double largest = 0;
            double difference = 0;
            for (int i = 0; i < width * merged.config().vocabularySize(); i++) {
                largest = Math.max(largest, Math.abs(wanted[i]));
                difference = Math.max(difference, Math.abs(wanted[i] - logits[i]));
            }
            assertThat(difference / largest).isLessThan(1e-5);
        }
    }

    @ParameterizedTest
    @CsvSource({"llama,f32", "llama,q8_0", "llama3rope_tied,f16", "llama_yarn,f32", "qwen2,bf16", "qwen3,f32",
            "gemma2,f32", "gpt2,f32", "gpt2,q8_0", "mistral_window,f32", "phi3_longrope,f32",
            "llama_embedding_tied,f32"})
    void aGgufIsReadBackAsTheMergedModel(String model, String type) {
        ExportReport report = ModelExport.run(request(model, ExportFormat.GGUF, type, false));

        assertThat(report.written()).isEqualTo(dir.resolve("out").resolve(model + "-" + type + ".gguf")).exists();
        if (type.equals("f32")) {
            assertThat(report.difference().orElseThrow().relative()).isLessThan(1e-5);
        }
        assertThat(report.difference().orElseThrow().relative()).isLessThan(0.1);
    }

    @Test
    void headsOfLlamaAreInterleavedAndNormsOfGemmaHaveTheOneAdded() throws IOException {
        Path llama = ModelExport.run(request("llama", ExportFormat.GGUF, "f32", false)).written();
        Path gemma = ModelExport.run(request("gemma2", ExportFormat.GGUF, "f32", false)).written();
        try (GgufFile file = GgufFile.open(llama)) {
            float[] rows = floats(file.tensor("blk.0.attn_k.weight"));
            float[] own = merged("llama", "model.layers.0.self_attn.k_proj.weight");
            int width = 32;
            // Head 1 of 2, of size 8: rows 8, 12, 9, 13, 10, … of the checkpoint follow each other.
            int[] order = {8, 12, 9, 13, 10, 14, 11, 15};
            for (int i = 0; i < order.length; i++) {
                assertThat(Arrays.copyOfRange(rows, (8 + i) * width, (9 + i) * width))
                        .containsExactly(Arrays.copyOfRange(own, order[i] * width, (order[i] + 1) * width));
            }
            assertThat(file.head()).containsEntry("general.architecture", new GgufValue.Text("llama"))
                    .containsEntry("llama.attention.head_count_kv", new GgufValue.Whole(2))
                    .containsEntry("llama.rope.freq_base", new GgufValue.Real(10000f));
        }
        try (GgufFile file = GgufFile.open(gemma)) {
            float[] norm = floats(file.tensor("blk.1.post_ffw_norm.weight"));
            float[] own = merged("gemma2", "model.layers.1.post_feedforward_layernorm.weight");
            for (int i = 0; i < own.length; i++) {
                assertThat(norm[i]).isEqualTo(own[i] + 1);
            }
        }
    }

    private static float[] floats(GgufFile.Tensor tensor) {
        var values = new float[(int) Arrays.stream(tensor.shape()).reduce(1, (a, b) -> a * b)];
        TensorStream.decode(tensor.type(), tensor.bytes(), values.length, MemorySegment.ofArray(values));
        return values;
    }

    private static float[] merged(String model, String name) {
        try (MergedWeights weights = MergedWeights.open(golden(model), Optional.of(golden(model).resolve("adapter")))) {
            Parameters.Slot slot = weights.tensors().stream().filter(each -> each.name().equals(name)).findFirst()
                    .orElseThrow();
            var values = new float[(int) slot.size()];
            weights.read(name, MemorySegment.ofArray(values));
            return values;
        }
    }

    @ParameterizedTest
    @CsvSource({"gemma3,not every 6th of its layers", "smollm3,not every fourth of its layers",
            "gpt2_scaled,its activation is not the usual one of its family; and its attention is not scaled",
            "qwen3_yarn,a ramp of its own"})
    void whatLlamaCppCannotComputeIsToldAndNotWritten(String model, String why) {
        assertThatThrownBy(() -> ModelExport.run(request(model, ExportFormat.GGUF, "f32", false)))
                .isInstanceOf(EngineException.class).hasMessageContaining(why).hasMessageContaining("as hf");
        assertThat(dir.resolve("out")).doesNotExist();
    }

    @Test
    void anAdapterAloneHasTwoTensorsForEachLayer() {
        ExportReport report = ModelExport.run(request("qwen2", ExportFormat.GGUF, "", true));
        try (GgufFile file = GgufFile.open(report.written())) {
            assertThat(file.head()).containsEntry("general.type", new GgufValue.Text("adapter"))
                    .containsEntry("adapter.type", new GgufValue.Text("lora"))
                    .containsKey("adapter.lora.alpha").doesNotContainKey("tokenizer.ggml.model");
            assertThat(file.names()).hasSize(28).contains("blk.1.attn_q.weight.lora_a", "blk.1.attn_q.weight.lora_b");
            assertThat(file.tensor("blk.0.ffn_down.weight.lora_a").shape()).containsExactly(4, 64);
        }
        assertThatThrownBy(() -> ModelExport.run(request("llama_embedding", ExportFormat.GGUF, "", true)))
                .hasMessageContaining("trains the embedding");
        assertThatThrownBy(() -> ModelExport.run(request("qwen2_dora", ExportFormat.GGUF, "", true)))
                .hasMessageContaining("DoRA");
    }

    @Test
    void anAdapterIsCopiedWholeAndLoads() {
        ExportReport report = ModelExport.run(request("qwen3", ExportFormat.PEFT, "", false));
        assertThat(report.tensors()).isEqualTo(28);
        LoraAdapter.load(report.written(), ModelConfig.read(golden("qwen3")), false).close();
    }

    @Test
    void whatIsThereIsNotWrittenOver() throws IOException {
        Files.createDirectories(dir.resolve("out"));
        for (ExportFormat format : List.of(ExportFormat.HF, ExportFormat.PEFT)) {
            assertThatThrownBy(() -> ModelExport.run(request("llama", format, "", false)))
                    .isInstanceOf(EngineException.class).hasMessageContaining("exists already");
        }
        ModelExport.run(request("llama", ExportFormat.GGUF, "f32", false));
        assertThatThrownBy(() -> ModelExport.run(request("llama", ExportFormat.GGUF, "f32", false)))
                .hasMessageContaining("llama-f32.gguf exists already");
    }

    @Test
    void aRequestThatMeansNothingIsRefused() {
        Path base = golden("llama");
        assertThatThrownBy(() -> ModelExport.run(new ExportRequest(base, Optional.empty(), ExportFormat.PEFT,
                Optional.empty(), false, dir.resolve("a"), "a"))).hasMessageContaining("has no adapter");
        assertThatThrownBy(() -> ModelExport.run(new ExportRequest(base, Optional.empty(), ExportFormat.GGUF,
                Optional.empty(), true, dir.resolve("a"), "a"))).hasMessageContaining("has no adapter");
        assertThatThrownBy(() -> ModelExport.run(request("llama", ExportFormat.HF, "q8_0", false)))
                .hasMessageContaining("no q8_0");
        assertThatThrownBy(() -> ModelExport.run(request("llama", ExportFormat.HF, "", true)))
                .hasMessageContaining("whole model");
    }

    @Test
    void anotherTypeIsSaidInTheConfiguration() throws IOException {
        Path out = ModelExport.run(request("llama", ExportFormat.HF, "bf16", false)).written();
        assertThat(Files.readString(out.resolve("config.json"))).contains("\"bfloat16\"");
        try (Safetensors written = Safetensors.openModel(out)) {
            assertThat(written.dataType("model.norm.weight")).isEqualTo("BF16");
        }
    }

    @Test
    void aNumberTooLargeForHalfPrecisionIsNotWritten() throws IOException {
        Path base = Files.createDirectories(dir.resolve("base"));
        try (var files = Files.list(golden("llama"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, base.resolve(file.getFileName()));
            }
        }
        Path weights = base.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        // The last number of the file, as a 32-bit float: 100000.
        int bits = Float.floatToIntBits(1e5f);
        for (int i = 0; i < 4; i++) {
            bytes[bytes.length - 4 + i] = (byte) (bits >> 8 * i);
        }
        Files.write(weights, bytes);
        var request = new ExportRequest(base, Optional.empty(), ExportFormat.HF, Optional.of(NumberType.F16), false,
                dir.resolve("out"), "large");
        assertThatThrownBy(() -> ModelExport.run(request)).isInstanceOf(EngineException.class)
                .hasMessageContaining("choose bf16 or f32");
        assertThat(dir).isDirectoryNotContaining(path -> path.toString().contains("out"));
    }
}
