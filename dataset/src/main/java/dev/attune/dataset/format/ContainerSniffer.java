package dev.attune.dataset.format;

import dev.attune.dataset.DatasetException;
import dev.attune.dataset.LineReader;
import dev.attune.dataset.ShellWord;
import dev.attune.dataset.StrictRow;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Tells how the records of a file are set apart, by its beginning. */
final class ContainerSniffer {
    private static final int SAMPLE_BYTES = 1 << 16;

    private ContainerSniffer() {}

    static Container sniff(Path file, InputStream in, ReadOptions options) throws IOException {
        byte[] sample = FileBytes.peek(in, SAMPLE_BYTES);
        String start = new String(sample, StandardCharsets.UTF_8).strip();
        if (start.isEmpty()) {
            throw new DatasetException(file + " is empty; there is nothing to read in it");
        }
        if (options.delimiter() != null || options.header() != null) {
            return TableSniffer.sniff(file, sample, sample.length == SAMPLE_BYTES, options);
        }
        if (start.startsWith("\"{\\\"")) {
            throw new DatasetException(file
                    + " has rows that are JSON within a JSON text, so they were written as JSON twice; take one of the two away: jq -c fromjson "
                    + ShellWord.of(file.toString()) + " > rows.jsonl");
        }
        return switch (start.charAt(0)) {
            case '{' -> startsWithAnObjectOnALine(in) || !isSpread(file)
                    ? new Container.JsonLines()
                    : new Container.JsonObjects();
            case '[' -> array(file, start);
            case '<' -> throw new DatasetException(file
                    + " begins with '<', so it is HTML or XML; export the examples as JSON Lines or CSV");
            default -> TableSniffer.sniff(file, sample, sample.length == SAMPLE_BYTES, options);
        };
    }

    /** Whether the first line with something on it is a JSON object by itself. */
    private static boolean startsWithAnObjectOnALine(InputStream in) throws IOException {
        var lines = new LineReader(in);
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            var row = StrictRow.of(lines.number(), line);
            if (!row.text().isBlank()) {
                return row.object() != null;
            }
        }
        return false;
    }

    /** Whether the first object of the file can be read over several lines. */
    private static boolean isSpread(Path file) throws IOException {
        try (RecordReader records = RecordReader.open(file, new Container.JsonObjects())) {
            SourceRow first = records.next();
            return first != null && first.object() != null;
        }
    }

    private static Container array(Path file, String start) {
        List<String> lines = start.lines().filter(line -> !line.isBlank()).limit(2).map(String::strip).toList();
        if (lines.size() == 2 && lines.getFirst().length() > 1 && lines.getFirst().endsWith("]")
                && lines.getLast().startsWith("[")) {
            throw new DatasetException(file
                    + " has a list on each line, and a list does not say which of its values is what; write objects with keys, or a CSV with a header");
        }
        return new Container.JsonArray();
    }
}
