package dev.attune.dataset.format;

import dev.attune.dataset.DatasetException;
import dev.attune.dataset.RowSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
        sources.forEach(this::requirePossible);
        boolean pairs = sources.stream().allMatch(Detected::hasPairs);
        if (target == TargetFormat.CSV && !pairs && sources.stream().anyMatch(Detected::hasPairs)) {
            throw new DatasetException(
                    "some of the files hold preference pairs and some do not, and a CSV has the same columns in every row; convert them one by one");
        }
        try (AsideFile file = AsideFile.create(output)) {
            RowOutput out = RowOutput.of(target, pairs, kept, file.out());
            List<Ledger> ledgers = new ArrayList<>();
            for (Detected source : sources) {
                ledgers.add(run(source, out));
            }
            boolean written = skipsFaultyRows || ledgers.stream().allMatch(ledger -> ledger.errors() == 0);
            if (written) {
                out.flush();
                file.commit();
            }
            var reports = new ArrayList<ConversionReport>(sources.size());
            for (int i = 0; i < sources.size(); i++) {
                reports.add(ledgers.get(i).report(sources.get(i), target, written));
            }
            return List.copyOf(reports);
        } catch (IOException e) {
            throw new DatasetException(output + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** Reads a source to its end; a failure to read is told apart from one to write. */
    private Ledger run(Detected source, RowOutput out) throws IOException {
        var conversion = new Conversion(source, target, turns, kept);
        var broken = new IOException[1];
        try {
            return conversion.run((line, row) -> {
                try {
                    out.row(line, row);
                } catch (IOException e) {
                    broken[0] = e;
                    throw e;
                }
            }, problem -> {});
        } catch (IOException e) {
            if (e == broken[0]) {
                throw e;
            }
            throw FileBytes.unreadable(source.file(), e);
        }
    }

    private void requirePossible(Detected source) {
        if (target == TargetFormat.PREFERENCE && !source.hasPairs()) {
            throw new DatasetException(source.file() + " has one answer in each row (" + source.format().title()
                    + "), and a preference row needs a better and a worse one; name both with --map user=…,preferred=…,non_preferred=…");
        }
        if (source.format() == SourceFormat.REINFORCEMENT && target != TargetFormat.REINFORCEMENT) {
            throw new DatasetException(source.file()
                    + " holds reinforcement rows, which have keys for a grader and no answer; write them --to reinforcement, or name the key that holds the answer: --map user=messages,assistant=KEY");
        }
    }

    /**
     * The rows of a file as OpenAI chat rows, to be checked or split by
     * {@link dev.attune.dataset.Dataset#read(RowSource, dev.attune.dataset.FilePart)}, or as OpenAI preference rows where that
     * is the target; other targets are ignored. Lines are those of the source. JSON pointers are those of the source in a
     * problem of the conversion, and those of the new row in a problem of the checks that follow.
     */
    public RowSource rows(Detected source) {
        TargetFormat rows = target == TargetFormat.PREFERENCE ? target : TargetFormat.CHAT;
        new Converter(rows, turns, kept, skipsFaultyRows).requirePossible(source);
        return new RowSource() {
            @Override
            public String name() {
                return source.file().toString();
            }

            @Override
            public void read(Sink sink) {
                try {
                    new Conversion(source, rows, turns, kept).run(sink::row, sink::problem);
                } catch (IOException e) {
                    throw FileBytes.unreadable(source.file(), e);
                }
            }
        };
    }
}
