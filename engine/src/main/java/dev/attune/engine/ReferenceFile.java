package dev.attune.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A job's {@code reference.jsonl}: what the model thought of each pair's answers before training, one line a pair, those
 * of the training file first. Computed once, so that no second model is held in memory, and the same after every restart.
 */
final class ReferenceFile {
    static final String NAME = "reference.jsonl";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ReferenceFile() {}

    /** Computes and keeps the references of all pairs, in their order. */
    static void write(Path file, GradientWorkers workers, List<? extends TrainingExample> pairs) throws IOException {
        Map<TrainingExample, LossSum[]> found = workers.each(pairs);
        var text = new StringBuilder();
        for (TrainingExample pair : pairs) {
            LossSum[] answers = found.get(pair);
            if (answers == null || answers.length != 2) {
                throw new IllegalArgumentException("references are those of pairs");
            }
            text.append(JSON.writeValueAsString(JSON.createObjectNode().put("line", pair.line())
                    .put("preferred", -answers[0].loss()).put("other", -answers[1].loss()))).append('\n');
        }
        DurableFiles.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The references in their order.
     *
     * @throws JobFailedException where the file does not hold as many
     */
    static List<TrainingExample.Reference> read(Path file, int count) throws IOException {
        var references = new ArrayList<TrainingExample.Reference>();
        try {
            for (String line : Files.readAllLines(file)) {
                JsonNode json = JSON.readTree(line);
                references.add(new TrainingExample.Reference(json.required("preferred").asDouble(),
                        json.required("other").asDouble()));
            }
        } catch (JacksonException e) {
            throw changed(file);
        }
        if (references.size() != count) {
            throw changed(file);
        }
        return references;
    }

    private static JobFailedException changed(Path file) {
        return new JobFailedException("file_changed", "The file " + file
                + " is not the one that the trainer wrote: create the job again.", "");
    }
}
