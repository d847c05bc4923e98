package dev.attune.dataset.format;

import dev.attune.dataset.DatasetException;
import dev.attune.dataset.RowSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Writes files of any known format as another, row by row in constant memory. Immutable and thread-safe.
 *
 * <pre>{@code
 * ConversionReport report = Converter.to(TargetFormat.CHAT).convert(DataFiles.detect(in), out);
 * }</pre>
 */
public final class Converter {
    private final TargetFormat target;
    private final Turns turns;
    private final Set<String> kept;
    private final boolean skipsFaultyRows;

    private Converter(TargetFormat target, Turns turns, Set<String> kept, boolean skipsFaultyRows) {
        this.target = target;
        this.turns = turns;
        this.kept = Set.copyOf(kept);
        this.skipsFaultyRows = skipsFaultyRows;
    }

    /** Conversations stay whole, keys that the target does not know are left out, and an error stops the writing. */
    public static Converter to(TargetFormat target) {
        return new Converter(target, Turns.WHOLE, Set.of(), false);
    }

    /** {@code --turns}: what becomes of a conversation with several answers. */
    public Converter turns(Turns choice) {
        return new Converter(target, choice, kept, skipsFaultyRows);
    }

    /**
     * {@code --keep KEY,…}: keys of the source rows, or columns, that are written beside the target's own, as they are. A
     * split by group needs its key kept. Others are left out and named in the report.
     */
    public Converter keeping(Set<String> keys) {
        return new Converter(target, turns, keys, skipsFaultyRows);
    }

    /** {@code --skip-faulty}: writes the rows that can be converted although others cannot; the report names those. */
    public Converter skippingFaultyRows() {
        return new Converter(target, turns, kept, true);
    }

    /**
     * Converts one file. The output appears whole or not at all: it is written aside, synced and renamed. An existing file
     * is replaced.
     *
     * @throws DatasetException where a file cannot be read or written, or no row of this format can become the target
     */
    public ConversionReport convert(Detected source, Path output) {
        return convert(List.of(source), output).getFirst();
    }

    /**
     * Converts several files into one, in the order given.
     *
     * @return a report for each source; an error in one keeps the output from being written for all
     * @throws DatasetException as {@link #convert(Detected, Path)}
     */
    public List<ConversionReport> convert(List<Detected> sources, Path output) {
        throw new UnsupportedOperationException();
    }

    /**
     * The rows of a file as OpenAI chat rows, to be checked or split by
     * {@link dev.attune.dataset.Dataset#read(RowSource, dev.attune.dataset.FilePart)}; the target format is ignored. Lines
     * are those of the source, JSON pointers those of the chat row.
     */
    public RowSource rows(Detected source) {
        throw new UnsupportedOperationException();
    }
}
