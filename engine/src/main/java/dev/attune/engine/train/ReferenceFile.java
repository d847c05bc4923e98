package dev.attune.engine.train;

import dev.attune.engine.DurableFiles;
import dev.attune.engine.data.JobFailedException;
import dev.attune.engine.data.TrainingExample;
import dev.attune.engine.model.LossSum;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
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

    /** Computes and keeps the references of all pairs, list by list, in their order. */
    static void write(Path file, GradientWorkers workers, List<List<TrainingExample>> pairs) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + DurableFiles.PARTIAL);
        try (BufferedWriter out = Files.newBufferedWriter(aside)) {
            for (List<TrainingExample> list : pairs) {
                workers.each(list, (pair, answers) -> write(line(pair, answers), out));
            }
        }
        DurableFiles.publishTree(aside, file);
    }

    private static void write(String line, BufferedWriter out) {
        try {
            out.write(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(TrainingExample pair, LossSum[] answers) {
        if (answers.length != 2) {
            throw new IllegalArgumentException("references are those of pairs");
        }
        return JSON.writeValueAsString(JSON.createObjectNode().put("line", pair.line())
                .put("preferred", -answers[0].loss()).put("other", -answers[1].loss())) + "\n";
    }

    /**
     * Pairs with their references, each put together when it is asked for.
     *
     * @param from number of the first one's reference
     */
    static List<TrainingExample> known(List<TrainingExample> pairs, List<TrainingExample.Reference> references,
            int from) {
        return new AbstractList<>() {
            @Override
            public int size() {
                return pairs.size();
            }

            @Override
            public TrainingExample get(int index) {
                return pairs.get(index) instanceof TrainingExample.Pair pair
                        ? pair.with(references.get(from + index))
                        : pairs.get(index);
            }
        };
    }

    /**
     * The references in their order.
     *
     * @throws JobFailedException where the file does not hold as many
     */
    static List<TrainingExample.Reference> read(Path file, int count) throws IOException {
        var references = new ArrayList<TrainingExample.Reference>(count);
        try (BufferedReader in = Files.newBufferedReader(file)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
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
