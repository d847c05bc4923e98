package dev.attune.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/**
 * The temporary folder of a scan, and how much of the heap its sorters may take. Whoever opens one closes it, which deletes
 * the folder.
 */
final class ScanFolder implements AutoCloseable {
    /** Shares of the budget: three large sorters and some ten small ones are in use at a time. */
    static final double LARGE = 0.25;
    static final double SMALL = 0.02;

    private final Path folder;
    private final long budgetBytes;

    ScanFolder(Path parent, long budgetBytes) {
        try {
            Files.createDirectories(parent);
            this.folder = Files.createTempDirectory(parent, "attune-scan-");
        } catch (IOException e) {
            throw new DatasetException("No temporary files can be made in " + parent + ": " + e
                    + "; name a folder that can be written to.", e);
        }
        this.budgetBytes = budgetBytes;
    }

    Path path() {
        return folder;
    }

    SpillSorter sorter(int width, double share) {
        return new SpillSorter(folder, width, (long) (share * budgetBytes));
    }

    long bytes(double share) {
        return (long) (share * budgetBytes);
    }

    @Override
    public void close() {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
