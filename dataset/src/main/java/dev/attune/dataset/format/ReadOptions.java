package dev.attune.dataset.format;

import org.jspecify.annotations.Nullable;

/**
 * What a person says about a file, so that it need not be told from its content. Each option has the name of the
 * command-line option that messages tell people to use. Immutable.
 */
public final class ReadOptions {
    private static final ReadOptions DEFAULTS = new ReadOptions(null, ColumnMapping.none(), null, null);

    private final @Nullable SourceFormat from;
    private final ColumnMapping map;
    private final @Nullable Character delimiter;
    private final @Nullable Boolean header;

    private ReadOptions(@Nullable SourceFormat from, ColumnMapping map, @Nullable Character delimiter,
            @Nullable Boolean header) {
        this.from = from;
        this.map = map;
        this.delimiter = delimiter;
        this.header = header;
    }

    /** Everything is told from the content. */
    public static ReadOptions defaults() {
        return DEFAULTS;
    }

    /** {@code --from FORMAT}: the rows are of this format. */
    public ReadOptions from(SourceFormat format) {
        return new ReadOptions(format, map, delimiter, header);
    }

    /** {@code --map PART=COLUMN,…}: these columns or keys hold the parts of an example. */
    public ReadOptions map(ColumnMapping mapping) {
        return new ReadOptions(from, mapping, delimiter, header);
    }

    /** {@code --delimiter C}: the file is a table whose cells this character sets apart. */
    public ReadOptions delimiter(char character) {
        return new ReadOptions(from, map, character, header);
    }

    /** {@code --header} or {@code --no-header}: whether a table's first record holds the columns' names. */
    public ReadOptions header(boolean present) {
        return new ReadOptions(from, map, delimiter, present);
    }

    @Nullable
    SourceFormat from() {
        return from;
    }

    ColumnMapping map() {
        return map;
    }

    @Nullable
    Character delimiter() {
        return delimiter;
    }

    @Nullable
    Boolean header() {
        return header;
    }
}
