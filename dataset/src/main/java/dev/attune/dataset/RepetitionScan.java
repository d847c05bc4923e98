package dev.attune.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds what repeats in files that are larger than memory: exact and near duplicates and contradictions in each file, and
 * rows of one that are known from another. Rows are taken one by one as {@link DatasetReader} reads them; hashes, signatures
 * and normalised texts go to temporary files, sorted runs that are merged at the end.
 *
 * <p>The results are those of {@link DatasetReport} and {@link Leakage} where these use {@link MinHash}, which finds 95 % of
 * the pairs at a similarity of 0.8. The heap that is needed is the budget, 5 bytes for each row, and what reading takes; the
 * disk space is about the size of the files and 1.5 KB for each row. Not thread-safe; whoever opens a scan closes it, which
 * deletes the temporary files.
 */
public final class RepetitionScan implements AutoCloseable {
    /** Enough for files of many gigabytes in a heap of 512 MB. */
    public static final long USUAL_BUDGET_BYTES = 128L << 20;

    private final RowKey group;
    private final boolean severalFiles;
    private final ScanFolder folder;
    private final RowStore rows;
    private final List<ScannedFile> files = new ArrayList<>();
    private final SameTexts same;
    private final SpilledContradictions contradictions;
    private final NearTexts near;
    private final LineGroups exactGroups;
    private final LineGroups nearGroups;
    private final LineGroups conflicts;
    private final SpillSorter repeatedQuestions;
    private final SpillSorter repeatedWholes;
    private final LeakRanking leaks;
    private boolean finished;

    private RepetitionScan(Path parent, long budgetBytes, RowKey group, boolean severalFiles) {
        this.group = group;
        this.severalFiles = severalFiles;
        this.folder = new ScanFolder(parent, budgetBytes);
        try {
            this.rows = RowStore.create(folder.path());
        } catch (IOException e) {
            folder.close();
            throw unwritable(e);
        }
        this.same = new SameTexts(folder, files);
        this.contradictions = new SpilledContradictions(folder, files);
        this.near = new NearTexts(folder, rows);
        this.exactGroups = new LineGroups(folder, rows);
        this.nearGroups = new LineGroups(folder, rows);
        this.conflicts = new LineGroups(folder, rows);
        this.repeatedQuestions = folder.sorter(2, ScanFolder.SMALL);
        this.repeatedWholes = folder.sorter(2, ScanFolder.SMALL);
        this.leaks = new LeakRanking(folder, rows, files);
    }

    /** A scan with the usual budget, its temporary files where the system has them, and no group key. */
    public static RepetitionScan open() {
        return open(Path.of(System.getProperty("java.io.tmpdir", "/tmp")), USUAL_BUDGET_BYTES, RowKey.NONE);
    }

    /**
     * A scan.
     *
     * @param parent the folder in which a folder for temporary files is made
     * @param budgetBytes how much of the heap is used for sorting
     * @param group rows of one value of this key are known from each other; may be {@link RowKey#NONE}
     * @throws DatasetException where the folder cannot be written to
     */
    public static RepetitionScan open(Path parent, long budgetBytes, RowKey group) {
        return open(parent, budgetBytes, group, true);
    }

    /** A scan of one file, where what only matters between files need not be looked at, or of several. */
    static RepetitionScan open(Path parent, long budgetBytes, RowKey group, boolean severalFiles) {
        return new RepetitionScan(parent, budgetBytes, group, severalFiles);
    }

    /**
     * Begins the next file; what is read is taken, and told to the next listener. Files are read one after the other, those
     * to train on first, then validation, then test.
     *
     * @param next also hears everything
     */
    public DatasetReader.Listener reading(String file, FilePart part, DatasetReader.Listener next) {
        if (finished || (!files.isEmpty() && part.compareTo(files.getLast().part) < 0)) {
            throw new IllegalStateException("Training files are read first, then validation, then test files.");
        }
        var scanned = new ScannedFile(file, part, files.size(), rows.size());
        files.add(scanned);
        return new DatasetReader.Listener() {
            @Override
            public void row(Row row) {
                add(scanned, row);
                next.row(row);
            }

            @Override
            public void problem(Problem problem) {
                next.problem(problem);
            }
        };
    }

    private void add(ScannedFile file, Row row) {
        if (files.getLast() != file) {
            throw new IllegalStateException("Files are read one after the other.");
        }
        add(look(row));
    }

    /** What is kept of a row, which is most of the work; on any thread. */
    ScanRow look(Row row) {
        return ScanRow.of(row, group, severalFiles);
    }

    /** Takes the next row of the file that was begun last. */
    void add(ScanRow row) {
        ScannedFile file = files.getLast();
        try {
            int number = rows.add(row);
            same.add(file, row, number);
            contradictions.add(file, row, number);
            near.add(file, row, number);
            file.answers.add(row.output());
            file.rows++;
        } catch (UncheckedIOException e) {
            throw unwritable(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    /**
     * Ends the scan and tells what was found.
     *
     * @return the counts of each file, in the order in which they were read
     * @throws DatasetException where the temporary files cannot be written or read, as on a full disk
     */
    public List<Repetitions> finish(RepetitionListener listener) {
        if (finished) {
            throw new IllegalStateException("A scan ends once.");
        }
        finished = true;
        try {
            findSame();
            contradictions.read(conflicts);
            contradictions.close();
            findNear(listener);
            exactGroups.read((first, lines, size) -> {
                ScannedFile file = ScannedFile.of(files, first);
                file.exactSurplus += size - 1;
                listener.duplicates(file.name, lines, size);
            });
            nearGroups.read((first, lines, size) -> listener
                    .nearDuplicates(ScannedFile.of(files, first).name, lines, size));
            conflicts.read((first, lines, size) -> {
                ScannedFile file = ScannedFile.of(files, first);
                listener.contradiction(file.name, file.answers.kind(), lines, size);
            });
            leaks.read(listener);
        } catch (UncheckedIOException e) {
            throw unwritable(Objects.requireNonNullElse(e.getCause(), e));
        }
        return files.stream().map(ScannedFile::counts).toList();
    }

    private void findSame() {
        same.read(new SameTexts.Found() {
            @Override
            public void row(long first, long row) {
                exactGroups.add(first, row);
            }

            @Override
            public void whole(long first, long row) {
                repeatedWholes.add(first, row);
            }

            @Override
            public void question(long first, long row) {
                repeatedQuestions.add(first, row);
            }

            @Override
            public void leak(Leak.Kind kind, long heldOut, long known) {
                leaks.add(kind, heldOut, known, 1);
            }
        });
        same.close();
    }

    private void findNear(RepetitionListener listener) {
        var wholes = new Components(rows.size());
        for (long[] pair = repeatedWholes.next(); pair != null; pair = repeatedWholes.next()) {
            wholes.join((int) pair[0], (int) pair[1]);
        }
        try (var findings = new NearFindings(folder, rows, files, same, wholes)) {
            near.read(findings);
            near.close();
            findings.groups(nearGroups);
            findings.contradictions(listener);
            findings.leaks(repeatedQuestions, leaks);
        }
    }

    private DatasetException unwritable(Throwable cause) {
        return new DatasetException("The temporary files in " + folder.path() + " cannot be written or read: " + cause
                + "; make room there, or name another folder.", cause);
    }

    @Override
    public void close() {
        @Nullable
        UncheckedIOException failed = null;
        for (Runnable part : List.<Runnable>of(same::close, contradictions::close, near::close, exactGroups::close,
                nearGroups::close, conflicts::close, repeatedQuestions::close, repeatedWholes::close, leaks::close,
                rows::close, folder::close)) {
            try {
                part.run();
            } catch (UncheckedIOException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
