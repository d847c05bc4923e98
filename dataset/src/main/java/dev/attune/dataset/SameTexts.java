package dev.attune.dataset;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Texts that stand more than once, found by sorting their hashes: equal rows and wholes within a file, and questions, group
 * keys and templates in all files. Rows come with ascending numbers, file after file. Not thread-safe.
 */
final class SameTexts implements AutoCloseable {
    /** What is the same. Within a file for the first two, across files for the others. */
    enum What {
        ROW, WHOLE, QUESTION, GROUP, TEMPLATE
    }

    private final SpillSorter texts;
    private final List<ScannedFile> files;

    /** Rows that repeat the whole row of one before, its text without instructions, or its question within the file. */
    final BitSet rowCopies = new BitSet();
    final BitSet wholeCopies = new BitSet();
    final BitSet questionCopies = new BitSet();

    SameTexts(ScanFolder folder, List<ScannedFile> files) {
        this.texts = folder.sorter(4, ScanFolder.LARGE);
        this.files = files;
    }

    void add(ScannedFile file, ScanRow row, long number) {
        add(What.ROW, row.row().in(file.number + 1), number);
        add(What.WHOLE, row.whole().in(file.number + 1), number);
        if (row.question().length > 0) {
            add(What.QUESTION, row.questions(), number);
        }
        row.group().ifPresent(group -> add(What.GROUP, group, number));
        row.template().ifPresent(template -> add(What.TEMPLATE, template, number));
    }

    private void add(What what, TextDigest digest, long row) {
        texts.add(what.ordinal(), digest.high(), digest.low(), row);
    }

    /** What is told while texts are read. */
    interface Found {
        /** A row that is equal to the first of its group. */
        void row(long first, long row);

        /** A row whose text is that of an earlier row of the file. */
        void whole(long first, long row);

        /** A row with the question of an earlier row of the file. */
        void question(long first, long row);

        void leak(Leak.Kind kind, long heldOut, long known);
    }

    void read(Found found) {
        long[] key = new long[3];
        long first = -1;
        long[] firstOf = new long[files.size()];
        for (long[] next = texts.next(); next != null; next = texts.next()) {
            boolean same = first >= 0 && Arrays.equals(key, 0, 3, next, 0, 3);
            long row = next[3];
            What what = What.values()[(int) next[0]];
            if (!same) {
                System.arraycopy(next, 0, key, 0, 3);
                first = row;
                Arrays.fill(firstOf, -1);
            }
            switch (what) {
                case ROW -> {
                    if (same) {
                        rowCopies.set((int) row);
                        found.row(first, row);
                    }
                }
                case WHOLE -> {
                    if (same) {
                        wholeCopies.set((int) row);
                        found.whole(first, row);
                    }
                }
                case QUESTION -> across(Leak.Kind.SAME_QUESTION, row, firstOf, found);
                case GROUP -> across(Leak.Kind.SAME_GROUP, row, firstOf, found);
                case TEMPLATE -> across(Leak.Kind.SAME_TEMPLATE, row, firstOf, found);
            }
        }
    }

    private void across(Leak.Kind kind, long row, long[] firstOf, Found found) {
        ScannedFile file = ScannedFile.of(files, row);
        if (firstOf[file.number] < 0) {
            firstOf[file.number] = row;
        } else if (kind == Leak.Kind.SAME_QUESTION) {
            questionCopies.set((int) row);
            found.question(firstOf[file.number], row);
        }
        for (ScannedFile before : files) {
            if (firstOf[before.number] >= 0 && before.comesBefore(file)) {
                found.leak(kind, row, firstOf[before.number]);
            }
        }
    }

    @Override
    public void close() {
        texts.close();
    }
}
