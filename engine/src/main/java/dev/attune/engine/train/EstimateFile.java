package dev.attune.engine.train;

import dev.attune.engine.DurableFiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** A job's {@code estimate.json}: what was estimated before its first step, kept to be compared with what came. */
final class EstimateFile {
    static final String NAME = "estimate.json";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private EstimateFile() {}

    static void write(Path file, JobEstimate estimate) throws IOException {
        DurableFiles.write(file, JSON.writeValueAsBytes(estimate));
    }

    /** What was estimated; empty where nothing was, or the file is not what a trainer writes. */
    static Optional<JobEstimate> read(Path file) throws IOException {
        try {
            return Files.exists(file)
                    ? Optional.of(JSON.readValue(Files.readAllBytes(file), JobEstimate.class))
                    : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}
