package dev.attune.engine.model;

import dev.attune.engine.DurableFiles;
import dev.attune.engine.EngineException;
import dev.attune.engine.config.LlamaConfigJson;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.SafetensorsWriter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import tools.jackson.databind.json.JsonMapper;

/** Writes a model's weights and shape in Hugging Face layout. */
public final class ModelFiles {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ModelFiles() {}

    /** Writes {@code config.json}, {@code generation_config.json} and {@code model.safetensors} into a directory. */
    public static void write(CausalLm model, Path dir, SafetensorsWriter.DataType type) {
        try {
            Files.createDirectories(dir);
            String name = type == SafetensorsWriter.DataType.BF16 ? "bfloat16" : "float32";
            writeJson(dir.resolve("config.json"), LlamaConfigJson.of(model.config(), name));
            var generation = new LinkedHashMap<String, Object>();
            if (model.config().bosTokenId() >= 0) {
                generation.put("bos_token_id", model.config().bosTokenId());
            }
            generation.put("eos_token_id", model.config().eosTokenIds());
            writeJson(dir.resolve("generation_config.json"), generation);
            var writer = new SafetensorsWriter();
            for (Parameters.Slot slot : model.weights().slots()) {
                writer.add(slot.name(), type, slot.shape(), model.weights().memory(slot));
            }
            writer.write(dir.resolve("model.safetensors"));
        } catch (IOException e) {
            throw new EngineException("The model cannot be written to " + dir + ": " + e.getMessage(), e);
        }
    }

    private static void writeJson(Path file, Object json) throws IOException {
        String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
        DurableFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
