package dev.attune.engine.data;

import dev.attune.engine.DurableFiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file's examples as they were encoded when the job began, so that going on with it costs nothing that grows with the
 * data: {@code tokens/training.bin}, a {@link TokenFile}, and, written after it, {@code tokens/training.json} that says
 * what is in it. Not thread-safe.
 */
public final class EncodedFile {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path about;
    private final Path tokens;
    private final Path data;

    /**
     * @param kind training, validation or replay
     * @param data the file that the examples are of
     */
    public EncodedFile(Path folder, String kind, Path data) {
        this.about = folder.resolve(kind + ".json");
        this.tokens = folder.resolve(kind + ".bin");
        this.data = data;
    }

    /** Where the tokens are. */
    public Path tokens() {
        return tokens;
    }

    /** Whether the data file is, by size and time, the one that was encoded. */
    public boolean isOfThisFile() throws IOException {
        Optional<JsonNode> json = about();
        return json.isPresent() && json.get().path("data_bytes").asLong() == Files.size(data)
                && json.get().path("data_modified").asLong() == Files.getLastModifiedTime(data).toMillis();
    }

    /** What was encoded; empty where that is missing or not whole. */
    public Optional<EncodedExamples> open() throws IOException {
        Optional<JsonNode> json = about();
        if (json.isEmpty() || !Files.exists(tokens)) {
            return Optional.empty();
        }
        TokenFile file;
        try {
            file = TokenFile.open(tokens);
        } catch (IOException e) {
            return Optional.empty();
        }
        String lost = json.get().path("lost").asString("");
        return Optional.of(new EncodedExamples(file, json.get().path("tokens").asLong(),
                json.get().path("longest").asInt(), json.get().path("largest_token").asInt(),
                lost.isEmpty() ? Optional.empty() : Optional.of(lost)));
    }

    /** Says that the tokens are whole, and gives them back. */
    public EncodedExamples keep(EncodedExamples examples) throws IOException {
        ObjectNode json = JSON.createObjectNode().put("data_bytes", Files.size(data))
                .put("data_modified", Files.getLastModifiedTime(data).toMillis()).put("tokens", examples.tokens())
                .put("longest", examples.longest()).put("largest_token", examples.largestToken())
                .put("lost", examples.lost().orElse(""));
        DurableFiles.write(about, JSON.writeValueAsBytes(json));
        return examples;
    }

    private Optional<JsonNode> about() throws IOException {
        try {
            return Files.exists(about) ? Optional.of(JSON.readTree(Files.readAllBytes(about))) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}
