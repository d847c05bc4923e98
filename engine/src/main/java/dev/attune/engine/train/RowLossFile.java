package dev.attune.engine.train;

import dev.attune.engine.DurableFiles;
import dev.attune.engine.EngineException;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A job's {@code rows.jsonl}: a {@link RowLoss} a line, epoch by epoch, each in the file's order. It is replaced whole
 * after an epoch, so that it never holds half of one.
 */
final class RowLossFile {
    static final String NAME = "rows.jsonl";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private RowLossFile() {}

    /** Tells the rows of an epoch. */
    interface Source {
        void each(EpochLosses.Visitor visitor) throws IOException;
    }

    /** Adds an epoch, in place of what an interrupted trainer had said of it or later ones. */
    static void add(Path file, int epoch, Source losses) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + DurableFiles.PARTIAL);
        try (BufferedWriter out = Files.newBufferedWriter(aside)) {
            if (Files.exists(file)) {
                copyBefore(epoch, file, out);
            }
            losses.each(loss -> out.write(line(loss)));
        }
        DurableFiles.publishTree(aside, file);
    }

    private static void copyBefore(int epoch, Path file, BufferedWriter out) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(file)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (JSON.readTree(line).required("epoch").asInt() >= epoch) {
                    return;
                }
                out.write(line + "\n");
            }
        }
    }

    private static String line(RowLoss row) {
        return JSON.writeValueAsString(JSON.createObjectNode().put("epoch", row.epoch()).put("line", row.line())
                .put("loss", row.loss()).put("tokens", row.tokens())) + "\n";
    }

    /**
     * What was measured so far; nothing where the file is absent.
     *
     * @throws EngineException where it is not what a trainer writes
     */
    static List<RowLoss> read(Path file) {
        if (!Files.exists(file)) {
            return List.of();
        }
        var losses = new ArrayList<RowLoss>();
        try {
            for (String line : Files.readAllLines(file)) {
                JsonNode json = JSON.readTree(line);
                losses.add(new RowLoss(json.required("line").asInt(), json.required("epoch").asInt(),
                        json.required("loss").asDouble(), json.required("tokens").asInt()));
            }
            return losses;
        } catch (IOException | JacksonException e) {
            throw new EngineException("The losses of the rows cannot be read from " + file + ": " + e.getMessage(), e);
        }
    }
}
