package dev.attune.engine.train;

import dev.attune.engine.DurableFiles;
import dev.attune.engine.EngineException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A job's checkpoints. One is written under another name, forced to disk, then renamed, so that a directory named
 * {@code step-…} is complete; its {@code state.json} lists every file with size and SHA-256, and {@code state.sha256} is its own, so that damage
 * shows.
 */
final class CheckpointStore {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int EPOCHS_KEPT = 3;
    private static final String STATE = "state.json";
    private static final String STATE_HASH = "state.sha256";

    private final Path folder;

    CheckpointStore(Path folder) {
        this.folder = folder;
    }

    /** Fills a checkpoint's directory. */
    interface Content {
        void writeTo(Path directory) throws IOException;
    }

    /** The complete checkpoints by their names and sizes, oldest first. */
    List<Checkpoint> complete() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        var found = new ArrayList<Checkpoint>();
        for (Path directory : directories()) {
            read(directory, false).ifPresent(found::add);
        }
        return found;
    }

    /**
     * The newest checkpoint whose every byte is as it was written.
     *
     * @param skipped told the directory of each newer one that is damaged
     */
    Optional<Checkpoint> newestIntact(Consumer<Path> skipped) {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        for (Path directory : directories().reversed()) {
            Optional<Checkpoint> checkpoint = read(directory, true);
            if (checkpoint.isPresent()) {
                return checkpoint;
            }
            skipped.accept(directory);
        }
        return Optional.empty();
    }

    /**
     * Writes a checkpoint and then removes those no longer needed: of the epochs' ends the last three and the best stay,
     * and of the others only this one, if it is one.
     */
    Checkpoint save(TrainingState state, StepMetrics metrics, Content content) throws IOException {
        Path directory = directory(state.step());
        Path aside = folder.resolve(directory.getFileName() + DurableFiles.PARTIAL);
        DurableFiles.deleteTree(aside);
        try {
            write(aside, state, metrics, content);
        } catch (IOException | RuntimeException e) {
            DurableFiles.deleteTree(aside);
            throw e;
        }
        remove(directory);
        DurableFiles.publishTree(aside, directory);
        prune(state.best().step());
        return new Checkpoint(directory, state.step(), state.epochsDone(), state.atEpochEnd(), metrics);
    }

    private static void write(Path aside, TrainingState state, StepMetrics metrics, Content content)
            throws IOException {
        Files.createDirectories(aside);
        content.writeTo(aside);
        ObjectNode json = JSON.createObjectNode();
        ProgressJson.write(metrics, json.putObject("metrics"));
        json.set("state", JSON.valueToTree(state));
        ObjectNode files = json.putObject("files");
        for (Path file : files(aside)) {
            files.putObject(aside.relativize(file).toString()).put("size", Files.size(file)).put("sha256",
                    sha256(file));
        }
        Files.write(aside.resolve(STATE), JSON.writeValueAsBytes(json));
        Files.writeString(aside.resolve(STATE_HASH), sha256(aside.resolve(STATE)));
    }

    /** The checkpoint of a step, where its every byte is as it was written. */
    Optional<Checkpoint> intact(int step) {
        return read(directory(step), true);
    }

    private Path directory(int step) {
        return folder.resolve(String.format(Locale.ROOT, "step-%06d", step));
    }

    TrainingState state(Checkpoint checkpoint) {
        return state(stateJson(checkpoint.directory()));
    }

    /** Checkpoints of earlier releases do not say how many tokens went through the model at once. */
    private static TrainingState state(JsonNode json) {
        if (json.required("state") instanceof ObjectNode state && !state.has("tokensPerPass")) {
            state.put("tokensPerPass", JobRun.TOKENS_PER_PASS);
        }
        return JSON.treeToValue(json.required("state"), TrainingState.class);
    }

    private void prune(int best) throws IOException {
        List<Checkpoint> all = complete();
        List<Checkpoint> epochEnds = all.stream().filter(Checkpoint::epochEnd).toList();
        List<Checkpoint> kept = epochEnds.subList(Math.max(0, epochEnds.size() - EPOCHS_KEPT), epochEnds.size());
        for (Checkpoint checkpoint : all) {
            if (!kept.contains(checkpoint) && checkpoint != all.getLast() && checkpoint.step() != best) {
                remove(checkpoint.directory());
            }
        }
    }

    /** Removes a checkpoint, under another name first: killed in the midst, none is left that looks whole or damaged. */
    void remove(Path directory) throws IOException {
        if (Files.exists(directory)) {
            Path aside = folder.resolve(directory.getFileName() + ".old" + DurableFiles.PARTIAL);
            DurableFiles.deleteTree(aside);
            Files.move(directory, aside, StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.deleteTree(aside);
        }
    }

    /** Removes what trainers that were killed in the midst of writing or removing have left. */
    void sweep() throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> children = Files.list(folder)) {
                for (Path child : children.filter(CheckpointStore::isPartial).toList()) {
                    DurableFiles.deleteTree(child);
                }
            }
        }
    }

    private static boolean isPartial(Path path) {
        return path.getFileName().toString().endsWith(DurableFiles.PARTIAL);
    }

    private static Optional<Checkpoint> read(Path directory, boolean everyByte) {
        try {
            if (everyByte
                    && !sha256(directory.resolve(STATE)).equals(Files.readString(directory.resolve(STATE_HASH)))) {
                return Optional.empty();
            }
            JsonNode json = stateJson(directory);
            for (var file : json.required("files").properties()) {
                Path path = directory.resolve(file.getKey());
                JsonNode expected = file.getValue();
                if (Files.size(path) != expected.required("size").asLong()
                        || everyByte && !sha256(path).equals(expected.required("sha256").asString())) {
                    return Optional.empty();
                }
            }
            TrainingState state = state(json);
            return Optional.of(new Checkpoint(directory, state.step(), state.epochsDone(), state.atEpochEnd(),
                    ProgressJson.metrics(json.required("metrics"))));
        } catch (IOException | JacksonException | EngineException e) {
            return Optional.empty();
        }
    }

    private static JsonNode stateJson(Path directory) {
        try {
            return JSON.readTree(Files.readAllBytes(directory.resolve(STATE)));
        } catch (IOException e) {
            throw new EngineException("The checkpoint " + directory + " has no readable state.json.", e);
        }
    }

    private List<Path> directories() {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child -> child.getFileName().toString().matches("step-\\d+")).sorted().toList();
        } catch (IOException e) {
            throw new EngineException("The checkpoints in " + folder + " cannot be listed: " + e.getMessage() + ".", e);
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    static String sha256(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            var buffer = new byte[1 << 16];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
