package dev.attune.dataset;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Texts that are nearly the same, found by sorting the bands of their {@link MinHash} signatures: rows that share one are
 * read again and compared by their exact Jaccard similarity. Not thread-safe.
 */
final class NearTexts implements AutoCloseable {
    private static final NearView[] VIEWS = NearView.values();

    private final SpillSorter bands;
    private final RowStore rows;
    private final Shelf shelf;

    /** What is told while bands are read. */
    interface Found {
        /** Whether a row stands for others, and is to be compared in this view. */
        boolean compares(NearView view, long row);

        /** Whether what a comparison would show is known, or does not matter. */
        boolean known(NearView view, long first, long second);

        /** Two rows, {@code first < second}, whose similarity is 0.8 or more; perhaps more than once. */
        void near(NearView view, long first, long second, double similarity);
    }

    /** Shingles of the rows that were compared last, up to a number of them. */
    private static final class Shelf {
        private final Map<Long, long[]> sets = new LinkedHashMap<>(16, 0.75f, true);
        private final long limit;
        private long longs;

        Shelf(long limit) {
            this.limit = limit;
        }

        long[] get(NearView view, long row, RowStore rows) {
            long key = row * VIEWS.length + view.ordinal();
            long[] set = sets.get(key);
            if (set == null) {
                set = view.shingles(rows.get((int) row));
                sets.put(key, set);
                longs += set.length + 16L;
                var oldest = sets.entrySet().iterator();
                while (longs > limit && sets.size() > 2) {
                    longs -= oldest.next().getValue().length + 16L;
                    oldest.remove();
                }
            }
            return set;
        }
    }

    NearTexts(ScanFolder folder, RowStore rows) {
        this.bands = folder.sorter(2, ScanFolder.LARGE);
        this.rows = rows;
        this.shelf = new Shelf(folder.bytes(ScanFolder.LARGE / 2) / Long.BYTES);
    }

    void add(ScannedFile file, ScanRow row, long number) {
        for (NearView view : VIEWS) {
            long space = view.space(file);
            for (long band : row.bands()[view.ordinal()]) {
                bands.add(Shingles.mix(band ^ space), number * VIEWS.length + view.ordinal());
            }
        }
    }

    void read(Found found) {
        long key = 0;
        NearView view = VIEWS[0];
        long[] bucket = new long[16];
        int size = 0;
        for (long[] next = bands.next(); next != null; next = bands.next()) {
            NearView of = VIEWS[(int) (next[1] % VIEWS.length)];
            if (next[0] != key || of != view) {
                compare(view, bucket, size, found);
                size = 0;
                key = next[0];
                view = of;
            }
            long row = next[1] / VIEWS.length;
            if (found.compares(view, row)) {
                bucket = size == bucket.length ? Arrays.copyOf(bucket, 2 * size) : bucket;
                bucket[size++] = row;
            }
        }
        compare(view, bucket, size, found);
    }

    private void compare(NearView view, long[] bucket, int size, Found found) {
        int leaders = MinHash.leaders(size);
        for (int j = 1; j < size; j++) {
            for (int i = 0; i < Math.min(j, leaders); i++) {
                long first = bucket[i];
                long second = bucket[j];
                if (!found.known(view, first, second)) {
                    double similarity = NearDuplicates.similarity(shelf.get(view, first, rows),
                            shelf.get(view, second, rows), NearDuplicates.THRESHOLD);
                    if (similarity > 0) {
                        found.near(view, first, second, similarity);
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        bands.close();
    }
}
