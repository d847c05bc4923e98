package dev.attune.dataset;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What repeats within files and between them, whatever their size: while the rows are few they are held, and no pair is
 * missed; from there on a {@link RepetitionScan} takes them, whose memory is bounded and which writes to disk. Files are given
 * one after the other, those to train on first. Not thread-safe; whoever opens one closes it, which deletes temporary files.
 */
public final class RepetitionCheck implements AutoCloseable {
    /** Characters of JSON that are held. With what is made of them they take about fifteen times as many bytes. */
    static final long USUAL_MOST_HELD = 8 << 20;

    /** The share of the heap that a scan may use for sorting. */
    private static final long HEAP_SHARE = 5;

    private static final DatasetReader.Listener NOBODY = new DatasetReader.Listener() {
        @Override
        public void row(Row row) {
            // the scan alone is to hear it
        }

        @Override
        public void problem(Problem problem) {
            // as above
        }
    };

    private final Path scratch;
    private final RowKey group;
    private final long mostHeld;
    private final boolean severalFiles;
    private final List<Held> files = new ArrayList<>();
    private long characters;
    private volatile @Nullable RepetitionScan scan;

    /** A file, and its rows as long as they are held. */
    private record Held(String name, FilePart part, List<Row> rows) {
        Dataset dataset() {
            return new Dataset(Path.of(name), rows, List.of());
        }
    }

    private RepetitionCheck(Path scratch, RowKey group, boolean severalFiles, long mostHeld) {
        this.severalFiles = severalFiles;
        this.scratch = scratch;
        this.group = group;
        this.mostHeld = mostHeld;
    }

    /**
     * A check of files of any size.
     *
     * @param scratch the folder for temporary files, which only large files need
     * @param group rows of one value of this key are known from each other; may be {@link RowKey#NONE}
     * @param severalFiles false where no second file will follow, so that what only matters between files need not be looked at
     */
    public static RepetitionCheck open(Path scratch, RowKey group, boolean severalFiles) {
        return new RepetitionCheck(scratch, group, severalFiles, USUAL_MOST_HELD);
    }

    static RepetitionCheck open(Path scratch, RowKey group, long mostHeld) {
        return new RepetitionCheck(scratch, group, true, mostHeld);
    }

    /** Begins the next file; names are told apart by the caller. */
    public void begin(String file, FilePart part) {
        files.add(new Held(file, part, new ArrayList<>()));
        RepetitionScan running = scan;
        if (running != null) {
            running.reading(file, part, NOBODY);
        }
    }

    /**
     * Takes the next row of the file.
     *
     * @throws DatasetException where temporary files cannot be written
     */
    public void add(Row row) {
        RepetitionScan running = scan;
        if (running != null) {
            running.add(running.look(row));
            return;
        }
        files.getLast().rows.add(row);
        characters += row.json().length();
        if (characters > mostHeld) {
            spill();
        }
    }

    /**
     * Looks at a row of the file, which is most of the work where there are many, on any thread.
     *
     * @return what takes it; run one after the other, in the order of the rows
     */
    public Runnable look(Row row) {
        RepetitionScan running = scan;
        if (running == null) {
            return () -> add(row);
        }
        ScanRow seen = running.look(row);
        return () -> running.add(seen);
    }

    private void spill() {
        long budget = Math.min(RepetitionScan.USUAL_BUDGET_BYTES, Runtime.getRuntime().maxMemory() / HEAP_SHARE);
        RepetitionScan opened = RepetitionScan.open(scratch, budget, group, severalFiles);
        scan = opened;
        for (Held file : files) {
            DatasetReader.Listener scanned = opened.reading(file.name, file.part, NOBODY);
            file.rows.forEach(scanned::row);
            file.rows.clear();
        }
    }

    /** Whether the rows were too many to be held, so that some near pairs may be missed. */
    boolean isScanned() {
        return scan != null;
    }

    /**
     * Ends the check and tells each problem with the file that has it.
     *
     * @return the counts of each file, in the order in which they were begun
     * @throws DatasetException where temporary files cannot be written or read
     */
    public List<Repetitions> finish(RepetitionListener.Problems problems) {
        RepetitionScan running = scan;
        return running != null ? finish(running, problems) : files.stream().map(file -> held(file, problems)).toList();
    }

    private Repetitions held(Held file, RepetitionListener.Problems problems) {
        var leaked = new ArrayList<Leak>();
        files.stream().takeWhile(other -> other != file).filter(other -> other.part.compareTo(file.part) < 0)
                .forEach(other -> leaked.addAll(Leakage.find(other.dataset(), file.dataset(), group)));
        Duplicates duplicates = Duplicates.of(file.rows);
        Contradictions contradictions = Contradictions.of(file.rows);
        leaked.forEach(leak -> problems.problem(file.name, leak.problem()));
        contradictions.problems().forEach(problem -> problems.problem(file.name, problem));
        duplicates.problems().forEach(problem -> problems.problem(file.name, problem));
        BiggestCluster.problem(duplicates, file.rows.size())
                .ifPresent(problem -> problems.problem(file.name, problem));
        return new Repetitions(file.name, file.part, file.rows.size(), duplicates.exactSurplus(),
                duplicates.nearSurplus(), contradictions.rows(), contradictions.answers(),
                contradictions.accuracyCeiling(), leaked.size());
    }

    private static List<Repetitions> finish(RepetitionScan scan, RepetitionListener.Problems problems) {
        var told = new Told(RepetitionListener.of(problems));
        List<Repetitions> counts = scan.finish(told);
        for (Repetitions file : counts) {
            BiggestCluster.problem(told.biggest.getOrDefault(file.file(), 0L), file.rows())
                    .ifPresent(problem -> problems.problem(file.file(), problem));
        }
        return counts;
    }

    /** Remembers how large the largest group of each file is. */
    private record Told(RepetitionListener next, Map<String, Long> biggest) implements RepetitionListener {
        Told(RepetitionListener next) {
            this(next, new HashMap<>());
        }

        @Override
        public void duplicates(String file, List<Integer> lines, long rows) {
            biggest.merge(file, rows, Math::max);
            next.duplicates(file, lines, rows);
        }

        @Override
        public void nearDuplicates(String file, List<Integer> lines, long rows) {
            biggest.merge(file, rows, Math::max);
            next.nearDuplicates(file, lines, rows);
        }

        @Override
        public void contradiction(String file, AnswerKind answers, List<Integer> lines, long rows) {
            next.contradiction(file, answers, lines, rows);
        }

        @Override
        public void nearContradiction(String file, AnswerKind answers, Contradictions.Near near) {
            next.nearContradiction(file, answers, near);
        }

        @Override
        public void leak(Leak leak) {
            next.leak(leak);
        }
    }

    @Override
    public void close() {
        RepetitionScan running = scan;
        if (running != null) {
            running.close();
        }
    }
}
