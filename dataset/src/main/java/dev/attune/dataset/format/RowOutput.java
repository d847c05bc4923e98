package dev.attune.dataset.format;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Writes rows as JSON Lines or as CSV with a header, UTF-8, with a line feed after each. */
sealed interface RowOutput extends Conversion.Output {

    /** Writes what is still held back; the stream stays open. */
    void flush() throws IOException;

    /**
     * An output.
     *
     * @param pairs whether the rows are preference pairs
     * @param kept columns beside the format's own
     */
    static RowOutput of(TargetFormat target, boolean pairs, Set<String> kept, OutputStream out) throws IOException {
        if (target != TargetFormat.CSV) {
            return new Lines(out);
        }
        var columns = new ArrayList<>(pairs ? TableFormat.PREFERENCE : TableFormat.ANSWER);
        new TreeSet<>(kept).stream().filter(column -> !columns.contains(column)).forEach(columns::add);
        var table = new Cells(columns, CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out));
        table.writer().writeRecord(columns);
        return table;
    }

    /** JSON Lines. */
    record Lines(OutputStream out) implements RowOutput {
        @Override
        public void row(int line, Map<String, Object> row) throws IOException {
            out.write(JsonValue.bytes(row));
            out.write('\n');
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }

    /** CSV; what is no text is written as JSON. */
    record Cells(List<String> columns, CsvWriter writer) implements RowOutput {
        @Override
        public void row(int line, Map<String, Object> row) throws IOException {
            try {
                writer.writeRecord(columns.stream().map(column -> cell(row.get(column))).toList());
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }

        private static String cell(@Nullable Object value) {
            return value == null ? "" : value instanceof String text ? text : JsonValue.text(value);
        }

        @Override
        public void flush() throws IOException {
            writer.flush();
        }
    }
}
