package dev.attune.dataset.format;

import java.util.List;

/** How the records of a file are set apart from each other. Immutable. */
public sealed interface Container {

    /** In words, as a sentence about a file ends: {@code JSON Lines}. */
    String title();

    /** One JSON value on each line. */
    record JsonLines() implements Container {
        @Override
        public String title() {
            return "JSON Lines";
        }
    }

    /** One JSON array whose elements are the records, on however many lines. */
    record JsonArray() implements Container {
        @Override
        public String title() {
            return "one JSON array";
        }
    }

    /** JSON objects after each other, spread over several lines. */
    record JsonObjects() implements Container {
        @Override
        public String title() {
            return "JSON objects spread over several lines";
        }
    }

    /**
     * Delimited text as RFC 4180 has it.
     *
     * @param delimiter what stands between two cells: a comma, semicolon, tab or bar
     * @param quote what a cell with a delimiter or line end in it is put in
     * @param header whether the first record holds the columns' names
     * @param columns the names of the columns; {@code 1}, {@code 2}, … where there is no header
     */
    record Table(char delimiter, char quote, boolean header, List<String> columns) implements Container {
        public Table {
            columns = List.copyOf(columns);
        }

        @Override
        public String title() {
            return delimiter == '\t' ? "TSV" : "CSV";
        }
    }
}
