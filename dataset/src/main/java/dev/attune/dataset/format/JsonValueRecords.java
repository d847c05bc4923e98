package dev.attune.dataset.format;

import dev.attune.dataset.LineReader;
import dev.attune.dataset.Problem;
import dev.attune.dataset.Severity;
import dev.attune.dataset.StrictRow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The elements of one JSON array, or JSON objects after each other, each on however many lines. Only brackets and quotes are
 * looked at to find where a record ends; the record itself is read strictly, so one that is broken does not hide the next.
 * A line end closes an open string, because none may stand in a JSON string.
 */
final class JsonValueRecords implements RecordReader {
    private final FileBytes bytes;
    private final InputStream in;
    private final boolean array;
    private final List<Problem> fileProblems = new ArrayList<>();
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;
    private int line = 1;
    private int index;
    private int firstLine;
    private boolean counting;
    private boolean opened;
    private boolean ended;

    JsonValueRecords(FileBytes bytes, boolean array) {
        this.bytes = bytes;
        this.in = bytes.in();
        this.array = array;
    }

    @Override
    public @Nullable SourceRow next() throws IOException {
        if (array && !opened) {
            skipBlanks();
            read();
            opened = true;
            if (skipBlanks() == ']') {
                closeArray();
            }
        }
        return ended || skipBlanks() < 0 ? atEnd() : record();
    }

    private @Nullable SourceRow atEnd() {
        if (array && !ended) {
            problem("invalid_json", Severity.ERROR, "the array is not closed; the file may be cut off");
        }
        ended = true;
        return null;
    }

    private SourceRow record() throws IOException {
        int start = number();
        String at = array ? "/" + index++ : "";
        var record = new ByteArrayOutputStream();
        boolean whole = peek() == '{' || peek() == '[' ? nested(record) : scalar(record);
        if (array) {
            separator();
        }
        if (record.size() > LineReader.MAXIMUM_LINE_BYTES) {
            return JsonLineRecords.tooLong(start);
        }
        if (!whole) {
            ended = true;
            return new SourceRow(start, at, null, List.of(Problem.ofRow("invalid_json", Severity.ERROR, start, at,
                    "the row that begins here never ends: a bracket is not closed, or the file is cut off", null)));
        }
        var row = StrictRow.of(start, record.toByteArray());
        return new SourceRow(start, at, row.object(), row.problems()
                .stream()
                .map(problem -> new Problem(problem.code(), problem.severity(), problem.line(), at + problem.pointer(),
                        problem.message(), problem.excerpt()))
                .toList());
    }

    /** The line on which the next row begins; where rows share the first one's line, the next of a count that begins there. */
    private int number() {
        if (index == 0) {
            firstLine = line;
        } else if (index == 1 && line == firstLine) {
            counting = true;
        }
        return counting ? firstLine + index : line;
    }

    /** Reads to the bracket that closes the first; false where the file ends before. */
    private boolean nested(ByteArrayOutputStream record) throws IOException {
        int depth = 0;
        boolean inString = false;
        for (int b = read(); b >= 0; b = read()) {
            keep(record, b);
            if (inString) {
                if (b == '\\' && peek() >= 0 && peek() != '\n') {
                    keep(record, read());
                } else if (b == '"' || b == '\n') {
                    inString = false;
                }
            } else if (b == '"') {
                inString = true;
            } else if (b == '{' || b == '[') {
                depth++;
            } else if ((b == '}' || b == ']') && --depth == 0) {
                return true;
            }
        }
        return false;
    }

    /** Something that is no object and so no row: it is read as far as the next that could be one. */
    private boolean scalar(ByteArrayOutputStream record) throws IOException {
        for (int b = peek(); b >= 0 && b != '\n' && (!array || b != ',' && b != ']'); b = peek()) {
            keep(record, read());
        }
        return true;
    }

    private static void keep(ByteArrayOutputStream record, int b) {
        if (record.size() <= LineReader.MAXIMUM_LINE_BYTES) {
            record.write(b);
        }
    }

    private void separator() throws IOException {
        int b = skipBlanks();
        if (b == ',') {
            read();
            if (skipBlanks() == ']') {
                problem("trailing_comma", Severity.WARNING, "a comma stands before the bracket that closes the array");
                closeArray();
            }
        } else if (b == ']') {
            closeArray();
        } else if (b >= 0) {
            problem("invalid_json", Severity.ERROR, "a comma is missing between two rows of the array");
        }
    }

    private void closeArray() throws IOException {
        read();
        ended = true;
        if (skipBlanks() >= 0) {
            problem("invalid_json", Severity.ERROR, "something follows the end of the array; nothing after it is read");
        }
    }

    private void problem(String code, Severity severity, String message) {
        fileProblems.add(new Problem(code, severity, line, "", message, ""));
    }

    /** The next byte that is not blank, which stays unread; −1 at the end. */
    private int skipBlanks() throws IOException {
        int b = peek();
        while (b == ' ' || b == '\n' || b == '\r' || b == '\t') {
            read();
            b = peek();
        }
        return b;
    }

    private int peek() throws IOException {
        if (position == limit) {
            position = 0;
            limit = Math.max(0, in.read(buffer, 0, buffer.length));
        }
        return limit == 0 ? -1 : buffer[position] & 0xFF;
    }

    private int read() throws IOException {
        int b = peek();
        if (b >= 0) {
            position++;
            if (b == '\n') {
                line++;
            }
        }
        return b;
    }

    @Override
    public List<Problem> fileProblems() {
        return List.copyOf(fileProblems);
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
