package dev.attune.pretraining;

import dev.attune.engine.DurableFiles;
import dev.attune.engine.model.CausalLm;
import dev.attune.engine.model.ModelFiles;
import dev.attune.engine.tensor.AdamW;
import dev.attune.engine.tensor.Muon;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.Safetensors;
import dev.attune.engine.tensor.SafetensorsWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a pretraining run keeps: {@code log.jsonl}; {@code checkpoint-<step>/}, the two newest, each written aside,
 * synced and renamed; {@code export/}, the model in Hugging Face layout. A file named {@code decay-now} with a number of
 * tokens in it makes the learning rate fall to 0 from now on over that many tokens; one named {@code stop} makes the run
 * write a checkpoint and end, to go on later.
 */
final class RunDirectory {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> TOKENIZER_FILES = List.of("tokenizer.json", "tokenizer_config.json",
            "special_tokens_map.json", "chat_template.jinja");
    private static final int KEPT = 2;

    private final Path directory;

    /** What is saved besides the weights. */
    record Optimizers(List<Muon> matrices, AdamW others) {}

    RunDirectory(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory);
    }

    void log(Map<String, Object> line) throws IOException {
        Files.writeString(directory.resolve("log.jsonl"), JSON.writeValueAsString(line) + "\n",
                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** The number in {@code decay-now}, which is then renamed. */
    Optional<Long> decayRequest() throws IOException {
        Path file = directory.resolve("decay-now");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        long tokens = Long.parseLong(Files.readString(file).strip());
        Files.move(file, directory.resolve("decay-begun"), StandardCopyOption.REPLACE_EXISTING);
        return Optional.of(tokens);
    }

    /** Whether {@code stop} is there; it is then removed. */
    boolean stopRequested() throws IOException {
        return Files.deleteIfExists(directory.resolve("stop"));
    }

    void save(RunState state, CausalLm model, Optimizers optimizers) throws IOException {
        Path target = directory.resolve("checkpoint-%08d".formatted(state.step()));
        if (Files.exists(target)) {
            return;
        }
        Path aside = directory.resolve("checkpoint" + DurableFiles.PARTIAL);
        DurableFiles.deleteTree(aside);
        Files.createDirectories(aside);
        var weights = new SafetensorsWriter();
        for (Parameters.Slot slot : model.weights().slots()) {
            weights.add(slot.name(), SafetensorsWriter.DataType.F32, slot.shape(), model.weights().memory(slot));
        }
        weights.write(aside.resolve("weights.safetensors"));
        var moments = new SafetensorsWriter();
        for (int i = 0; i < optimizers.matrices.size(); i++) {
            optimizers.matrices.get(i).save("muon" + i, moments);
        }
        optimizers.others.save("adamw", moments);
        moments.write(aside.resolve("optimizers.safetensors"));
        Files.writeString(aside.resolve("state.json"), JSON.writeValueAsString(state), StandardCharsets.UTF_8);
        DurableFiles.publishTree(aside, target);
        for (Path old : checkpoints().subList(0, Math.max(0, checkpoints().size() - KEPT))) {
            DurableFiles.deleteTree(old);
        }
    }

    private List<Path> checkpoints() throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.filter(path -> path.getFileName().toString().matches("checkpoint-\\d{8}"))
                    .sorted(Comparator.naturalOrder()).toList();
        }
    }

    /** Takes over the newest checkpoint, if there is one. */
    Optional<RunState> restore(CausalLm model, Optimizers optimizers) throws IOException {
        List<Path> all = checkpoints();
        if (all.isEmpty()) {
            return Optional.empty();
        }
        Path newest = all.getLast();
        RunState state = JSON.readValue(Files.readString(newest.resolve("state.json")), RunState.class);
        try (Safetensors weights = Safetensors.openFile(newest.resolve("weights.safetensors"));
                Safetensors moments = Safetensors.openFile(newest.resolve("optimizers.safetensors"))) {
            read(weights, model);
            for (int i = 0; i < optimizers.matrices.size(); i++) {
                optimizers.matrices.get(i).load("muon" + i, moments);
            }
            optimizers.others.load("adamw", moments, state.step());
        }
        return Optional.of(state);
    }

    /** Takes over the weights of a model of the same shape. */
    static void begin(CausalLm model, Path modelDir) {
        try (Safetensors weights = Safetensors.openModel(modelDir)) {
            read(weights, model);
        }
    }

    private static void read(Safetensors weights, CausalLm model) {
        for (Parameters.Slot slot : model.weights().slots()) {
            weights.readFloats(slot.name(), model.weights().memory(slot));
        }
        model.weightsChanged();
    }

    /** Writes the model as it is now, with its tokenizer, to {@code export/}. */
    void export(CausalLm model, Path tokenizer) throws IOException {
        Path export = directory.resolve("export");
        ModelFiles.write(model, export, SafetensorsWriter.DataType.BF16);
        for (String name : TOKENIZER_FILES) {
            if (Files.exists(tokenizer.resolve(name))) {
                Files.copy(tokenizer.resolve(name), export.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
