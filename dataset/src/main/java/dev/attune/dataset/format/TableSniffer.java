package dev.attune.dataset.format;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.attune.dataset.DatasetException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Tells delimiter, quote and header of a table by its first records. */
final class TableSniffer {
    private static final List<Character> DELIMITERS = List.of(',', ';', '\t', '|');

    private final Path file;
    private final byte[] sample;
    private final boolean cut;
    private final ReadOptions options;

    private TableSniffer(Path file, byte[] sample, boolean cut, ReadOptions options) {
        this.file = file;
        this.sample = sample;
        this.cut = cut;
        this.options = options;
    }

    /** @param cut whether the sample may end in the middle of a record */
    static Container.Table sniff(Path file, byte[] sample, boolean cut, ReadOptions options) throws IOException {
        return new TableSniffer(file, sample, cut, options).table();
    }

    /** The sample's records, read one way. */
    private record Reading(char delimiter, char quote, List<List<String>> records) {
        List<String> first() {
            return records.isEmpty() ? List.of() : records.getFirst().stream().map(String::strip).toList();
        }

        /** Whether most records have as many cells as the first. */
        boolean isEven() {
            int columns = first().size();
            return columns > 1
                    && 2 * records.stream().filter(record -> record.size() == columns).count() >= records.size();
        }

        boolean isSingleQuoted() {
            return first().stream().allMatch(cell -> cell.length() > 1 && cell.startsWith("'") && cell.endsWith("'"));
        }
    }

    private Container.Table table() throws IOException {
        Reading reading = reading();
        List<String> first = reading.first();
        boolean header = header(first);
        if (header) {
            requireNames(first);
        }
        List<String> columns = IntStream.range(0, first.size())
                .mapToObj(i -> header && !first.get(i).isEmpty() ? first.get(i) : String.valueOf(i + 1))
                .toList();
        return new Container.Table(reading.delimiter(), reading.quote(), header, columns);
    }

    private Reading reading() throws IOException {
        Character chosen = options.delimiter();
        if (chosen != null) {
            return read(chosen);
        }
        var known = new ArrayList<Reading>();
        var even = new ArrayList<Reading>();
        for (char delimiter : DELIMITERS) {
            Reading reading = read(delimiter);
            if (reading.first().size() > 1 && (RowShape.isKnown(reading.first()) || isMapped(reading.first()))) {
                known.add(reading);
            } else if (reading.isEven()) {
                even.add(reading);
            }
        }
        List<Reading> possible = known.isEmpty() ? even : known;
        if (possible.size() > 1) {
            throw new DatasetException(file + " can be read as a table with its cells set apart by "
                    + possible.stream().map(reading -> "'" + name(reading.delimiter()) + "'").collect(
                            Collectors.joining(" or "))
                    + "; say which with --delimiter");
        }
        if (possible.isEmpty()) {
            String line = new String(sample, StandardCharsets.UTF_8).strip().lines().findFirst().orElse("");
            throw new DatasetException(file + " is neither JSON nor a table of at least two columns; it begins with '"
                    + line.substring(0, Math.min(60, line.length())) + "'");
        }
        return possible.getFirst();
    }

    private static String name(char delimiter) {
        return delimiter == '\t' ? "\\t" : String.valueOf(delimiter);
    }

    private Reading read(char delimiter) throws IOException {
        Reading reading = read(delimiter, '"');
        return reading.isSingleQuoted() ? read(delimiter, '\'') : reading;
    }

    private Reading read(char delimiter, char quote) throws IOException {
        var records = new ArrayList<List<String>>();
        try (CsvReader<CsvRecord> reader = TableRecords
                .reader(new EscapingUtf8Reader(new ByteArrayInputStream(sample)), delimiter, quote, true)) {
            for (CsvRecord record : reader) {
                if (record.getFieldCount() > 1 || !record.getFields().equals(List.of(""))) {
                    records.add(record.getFields());
                }
            }
            if (cut && records.size() > 1) {
                records.removeLast();
            }
        } catch (CsvParseException e) {
            // what stands before the fault tells enough, and the conversion will name the fault with its line
        }
        return new Reading(delimiter, quote, records);
    }

    private boolean isMapped(List<String> first) {
        Set<String> columns = mapped();
        return !columns.isEmpty() && first.containsAll(columns);
    }

    private Set<String> mapped() {
        return options.map().columns().values().stream().flatMap(List::stream).collect(Collectors.toSet());
    }

    private boolean header(List<String> first) {
        Boolean said = options.header();
        if (said != null) {
            return said;
        }
        if (isMapped(first) || options.map().isEmpty() && RowShape.isKnown(first)) {
            return true;
        }
        String names = RowShape.names(first);
        if (options.map().isEmpty()) {
            String likely = RowShape.likelyMap(first);
            throw new DatasetException(file + " is a table without a column of a known name (its first line has "
                    + names + "); name the columns with "
                    + (likely.isEmpty() ? "--map user=COLUMN,assistant=COLUMN" : likely)
                    + ", by number where the first line is no header: --no-header --map user=1,assistant=2");
        }
        if (numbered(first.size())) {
            throw new DatasetException(file + " may have a header or not, its first line has " + names
                    + "; say which with --header or --no-header");
        }
        throw new DatasetException("--map names a column that " + file + " does not have; its columns are " + names);
    }

    private boolean numbered(int columns) {
        Set<String> numbers = IntStream.rangeClosed(1, columns).mapToObj(String::valueOf).collect(Collectors.toSet());
        return numbers.containsAll(mapped());
    }

    private void requireNames(List<String> header) {
        var seen = new HashSet<String>();
        for (String name : header) {
            if (!name.isEmpty() && !seen.add(name)) {
                throw new DatasetException(file + " has two columns of the name '" + name + "'; rename one of them");
            }
            if (EscapingUtf8Reader.faultAt(name) >= 0) {
                throw new DatasetException(file
                        + " has a column whose name is not UTF-8; save the file as UTF-8, or if it is from Excel: iconv -f WINDOWS-1252 -t UTF-8");
            }
        }
    }

    /** The mapping with column numbers as the names that the columns have. */
    static @Nullable String nameOf(Container.Table table, String column) {
        if (table.columns().contains(column)) {
            return column;
        }
        return IntStream.rangeClosed(1, table.columns().size())
                .filter(i -> String.valueOf(i).equals(column))
                .mapToObj(i -> table.columns().get(i - 1))
                .findFirst()
                .orElse(null);
    }
}
