package dev.attune.dataset;

import java.util.List;

/**
 * The leaks of a scan, of which one is kept for each held-out row and file before it: the strongest kind, then the nearest,
 * then the first row. Not thread-safe.
 */
final class LeakRanking implements AutoCloseable {
    private final SpillSorter found;
    private final RowStore rows;
    private final List<ScannedFile> files;

    LeakRanking(ScanFolder folder, RowStore rows, List<ScannedFile> files) {
        this.found = folder.sorter(5, ScanFolder.SMALL);
        this.rows = rows;
        this.files = files;
    }

    void add(Leak.Kind kind, long heldOut, long known, double similarity) {
        found.add(heldOut, ScannedFile.of(files, known).number, kind.ordinal(), -Double.doubleToLongBits(similarity),
                known);
    }

    void read(RepetitionListener listener) {
        long row = -1;
        long before = -1;
        for (long[] next = found.next(); next != null; next = found.next()) {
            if (next[0] == row && next[1] == before) {
                continue;
            }
            row = next[0];
            before = next[1];
            ScannedFile heldOut = ScannedFile.of(files, row);
            heldOut.leaked++;
            RowStore.Stored stored = rows.get((int) row);
            listener.leak(new Leak(Leak.Kind.values()[(int) next[2]], heldOut.name, stored.line(),
                    files.get((int) before).name, rows.line((int) next[4]), Double.longBitsToDouble(-next[3]),
                    Findings.excerpt(stored.question())));
        }
    }

    @Override
    public void close() {
        found.close();
    }
}
