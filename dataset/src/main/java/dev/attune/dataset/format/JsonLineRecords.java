package dev.attune.dataset.format;

import dev.attune.dataset.LineReader;
import dev.attune.dataset.Problem;
import dev.attune.dataset.Severity;
import dev.attune.dataset.StrictRow;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines of a JSON Lines file; empty ones are skipped. */
final class JsonLineRecords implements RecordReader {
    private final FileBytes bytes;
    private final LineReader lines;
    private int blank;
    private int firstBlank;

    JsonLineRecords(FileBytes bytes) {
        this.bytes = bytes;
        this.lines = new LineReader(bytes.in());
    }

    @Override
    public @Nullable SourceRow next() throws IOException {
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            if (lines.tooLong()) {
                return tooLong(lines.number());
            }
            if (!isBlank(line)) {
                var row = StrictRow.of(lines.number(), line);
                return new SourceRow(lines.number(), "", row.object(), row.problems());
            }
            blank++;
            firstBlank = firstBlank == 0 ? lines.number() : firstBlank;
        }
        return null;
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    static SourceRow tooLong(int line) {
        return new SourceRow(line, "", null, List.of(new Problem("line_too_long", Severity.ERROR, line, "",
                "the row is longer than " + (LineReader.MAXIMUM_LINE_BYTES >> 20) + " MiB; split it", "")));
    }

    @Override
    public List<Problem> fileProblems() {
        return blank == 0 ? List.of() : List.of(blank(blank, firstBlank));
    }

    static Problem blank(int count, int firstLine) {
        return new Problem("blank_line", Severity.WARNING, firstLine, "",
                count == 1
                        ? "the line is empty and is skipped"
                        : count + " lines are empty and are skipped, this one first",
                "");
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
