package dev.attune.dataset.format;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.attune.dataset.Problem;
import dev.attune.dataset.Severity;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The records of a CSV or TSV file, each a text for each column. Records with another number of cells than there are columns,
 * and cells that are not UTF-8, have one cause as a rule, so each kind is one problem with a count. Records without a
 * filled cell are skipped.
 */
final class TableRecords implements RecordReader {
    private static final Pattern LINE = Pattern.compile("line (\\d+)");

    /** Columns whose cells may hold JSON; no text of a question or an answer stands in them. */
    private static final Set<String> STRUCTURED = Set.of("messages", "conversations", "history", "tools", "chosen",
            "rejected");

    private final FileBytes bytes;
    private final Container.Table table;
    private final CsvReader<CsvRecord> reader;
    private final CloseableIterator<CsvRecord> records;
    private final List<Problem> fileProblems = new ArrayList<>();
    private int lastLine = 1;
    private boolean headerRead;
    private int blank;
    private int firstBlank;
    private int ragged;
    private int firstRagged;
    private int firstRaggedCells;
    private int notUtf8;
    private @Nullable Problem firstNotUtf8;

    TableRecords(FileBytes bytes, Container.Table table) {
        this.bytes = bytes;
        this.table = table;
        this.reader = reader(new EscapingUtf8Reader(bytes.in()), table.delimiter(), table.quote(), false);
        this.records = reader.iterator();
        this.headerRead = !table.header();
    }

    /** A reader that gives records as they stand, ragged and empty ones too. */
    static CsvReader<CsvRecord> reader(Reader in, char delimiter, char quote, boolean unclosedQuote) {
        return CsvReader.builder()
                .fieldSeparator(delimiter)
                .quoteCharacter(quote)
                .commentStrategy(CommentStrategy.NONE)
                .skipEmptyLines(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowUnclosedQuote(unclosedQuote)
                .ofCsvRecord(in);
    }

    @Override
    public @Nullable SourceRow next() throws IOException {
        try {
            while (records.hasNext()) {
                CsvRecord cells = records.next();
                lastLine = (int) cells.getStartingLineNumber();
                if (isBlank(cells)) {
                    blank++;
                    firstBlank = firstBlank == 0 ? lastLine : firstBlank;
                    continue;
                }
                if (headerRead) {
                    return row(cells);
                }
                headerRead = true;
            }
        } catch (CsvParseException e) {
            return broken(e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return null;
    }

    private boolean isBlank(CsvRecord cells) {
        return cells.getFieldCount() == 0
                || table.columns().size() > 1 && cells.getFields().stream().allMatch(String::isBlank);
    }

    private SourceRow row(CsvRecord cells) {
        Map<String, Object> row = new LinkedHashMap<>();
        List<String> columns = table.columns();
        if (cells.getFieldCount() != columns.size()) {
            ragged++;
            if (ragged == 1) {
                firstRagged = lastLine;
                firstRaggedCells = cells.getFieldCount();
            }
            return new SourceRow(lastLine, "", null, List.of());
        }
        for (int i = 0; i < columns.size(); i++) {
            String cell = cells.getField(i);
            int fault = EscapingUtf8Reader.faultAt(cell);
            if (fault >= 0) {
                notUtf8(columns.get(i), cell, fault);
                return new SourceRow(lastLine, "", null, List.of());
            }
            row.put(columns.get(i), STRUCTURED.contains(columns.get(i)) ? structured(cell) : cell);
        }
        return new SourceRow(lastLine, "", row, List.of());
    }

    /** The list or object that a cell holds as JSON, as exports of chat data have it; any other cell as it is. */
    private static Object structured(String cell) {
        Object value = cell.startsWith("[") || cell.startsWith("{") ? JsonValue.parse(cell) : null;
        boolean nested = value instanceof Map<?, ?>
                || value instanceof List<?> list && !list.isEmpty()
                        && (list.getFirst() instanceof Map<?, ?> || list.getFirst() instanceof List<?>);
        return nested && value != null ? value : cell;
    }

    private void notUtf8(String column, String cell, int fault) {
        notUtf8++;
        if (firstNotUtf8 == null) {
            int line = lastLine + (int) cell.substring(0, fault).chars().filter(c -> c == '\n').count();
            firstNotUtf8 = Problem.ofRow("invalid_utf8", Severity.ERROR, line, Trace.pointer("", column),
                    "the cell holds the byte 0x%02X, which is not UTF-8".formatted(cell.charAt(fault) - 0xDC00),
                    cell);
        }
    }

    private @Nullable SourceRow broken(CsvParseException e) {
        Matcher line = LINE.matcher(String.valueOf(e.getMessage()));
        String reason = e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
        fileProblems.add(new Problem("csv_quotes", Severity.ERROR,
                line.find() ? Integer.parseInt(line.group(1)) : lastLine + 1, "",
                "the record that begins here has quotes that do not match, and nothing after it can be read; put the whole cell in quotes and double a quote inside it"
                        + reason,
                ""));
        return null;
    }

    @Override
    public List<Problem> fileProblems() {
        var problems = new ArrayList<>(fileProblems);
        if (blank > 0) {
            problems.add(JsonLineRecords.blank(blank, firstBlank));
        }
        if (ragged > 0) {
            problems.add(new Problem("csv_ragged", Severity.ERROR, firstRagged, "",
                    "%s %d cell(s) where there are %d columns; a delimiter in a cell without quotes is the usual cause"
                            .formatted(
                                    ragged == 1
                                            ? "the record has"
                                            : "%,d records, this one first, have another number of cells; it has"
                                                    .formatted(ragged),
                                    firstRaggedCells, table.columns().size()),
                    ""));
        }
        Problem first = firstNotUtf8;
        if (first != null) {
            problems.add(new Problem(first.code(), first.severity(), first.line(), first.pointer(), first.message()
                    + (notUtf8 == 1 ? "" : ", and so do cells of " + (notUtf8 - 1) + " more record(s)")
                    + "; save the file as UTF-8, or if it is from Excel: iconv -f WINDOWS-1252 -t UTF-8",
                    first.excerpt()));
        }
        return problems;
    }

    @Override
    public void close() throws IOException {
        records.close();
        reader.close();
        bytes.close();
    }
}
