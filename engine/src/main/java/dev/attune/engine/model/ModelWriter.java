package dev.attune.engine.model;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.ModelFileNames;
import dev.attune.engine.config.ModelLayout;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.Safetensors;
import dev.attune.engine.tensor.SafetensorsWriter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes a model whose own weights were trained as a directory of its base's layout: the same names, the same texts. */
public final class ModelWriter {
    private static final String WEIGHTS = "model.safetensors";

    private final Path base;
    private final ModelConfig config;

    public ModelWriter(Path base, ModelConfig config) {
        this.base = base;
        this.config = config;
    }

    /** In which type numbers are written. */
    public enum Precision {
        /** As they are trained, so that training can go on. */
        TRAINED,
        /** As the base has them. */
        STORED
    }

    /**
     * Looks at what else the base's files hold, since that would be missing from the written model.
     *
     * @throws EngineException where there are weights that are not of the language model
     */
    public void requireNothingElse() {
        try (Safetensors files = Safetensors.openModel(base)) {
            Set<String> others = new HashSet<>(files.names());
            for (Parameters.Slot slot : new ModelLayout(config).parameters().slots()) {
                WeightsReader.stored(slot.name(), config, files).ifPresent(others::remove);
            }
            others.removeIf(name -> name.endsWith("inv_freq") || name.endsWith("attn.bias")
                    || name.endsWith("attn.masked_bias") || config.tiedEmbeddings() && name.endsWith("lm_head.weight"));
            others.stream().sorted().findFirst().ifPresent(name -> {
                throw new EngineException(
                        base + " holds " + others.size() + " tensors that are not of the language model, such"
                                + " as " + name + ", which training all weights would lose; train an adapter instead.");
            });
        }
    }

    /** Writes weights, configuration, tokenizer and template into a new directory; the weights are synced. */
    public void write(Parameters weights, Precision precision, Path directory) {
        try (Safetensors files = Safetensors.openModel(base)) {
            Files.createDirectories(directory);
            for (Path file : texts()) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
            var writer = new SafetensorsWriter();
            for (Parameters.Slot slot : weights.slots()) {
                String name = WeightsReader.stored(slot.name(), config, files).orElseThrow();
                writer.add(name,
                        precision == Precision.TRAINED
                                ? SafetensorsWriter.DataType.F32
                                : SafetensorsWriter.DataType.valueOf(files.dataType(name)),
                        slot.shape(), weights.memory(slot));
            }
            writer.write(directory.resolve(WEIGHTS));
        } catch (IOException e) {
            throw new EngineException("The model cannot be written to " + directory + ": " + e.getMessage(), e);
        }
    }

    private List<Path> texts() throws IOException {
        try (var files = Files.list(base)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> ModelFileNames.isText(String.valueOf(file.getFileName()))).sorted().toList();
        }
    }
}
