package dev.attune.dataset;

import java.util.Arrays;
import java.util.List;

/** Rows with one input and several answers, found by sorting hashes of both. Not thread-safe. */
final class SpilledContradictions implements AutoCloseable {
    private final SpillSorter answers;
    private final List<ScannedFile> files;
    private long[] group = new long[16];
    private int size;
    private boolean differ;
    private int most;

    SpilledContradictions(ScanFolder folder, List<ScannedFile> files) {
        this.answers = folder.sorter(5, ScanFolder.LARGE);
        this.files = files;
    }

    void add(ScannedFile file, ScanRow row, long number) {
        TextDigest input = row.input().in(file.number + 1);
        answers.add(input.high(), input.low(), row.answers().high(), row.answers().low(), number);
    }

    /** Adds the groups, and counts in their files. The rows of one input are held in memory at once, 8 bytes each. */
    void read(LineGroups groups) {
        long[] last = new long[5];
        int alike = 0;
        for (long[] next = answers.next(); next != null; next = answers.next()) {
            boolean sameInput = size > 0 && Arrays.equals(last, 0, 2, next, 0, 2);
            boolean sameAnswer = sameInput && Arrays.equals(last, 2, 4, next, 2, 4);
            if (!sameInput) {
                end(groups);
            }
            alike = sameAnswer ? alike + 1 : 1;
            differ |= sameInput && !sameAnswer;
            most = Math.max(most, alike);
            group = size == group.length ? Arrays.copyOf(group, 2 * size) : group;
            group[size++] = next[4];
            System.arraycopy(next, 0, last, 0, last.length);
        }
        end(groups);
    }

    private void end(LineGroups groups) {
        if (differ) {
            Arrays.sort(group, 0, size);
            ScannedFile file = ScannedFile.of(files, group[0]);
            file.conflicting += size;
            file.lost += size - most;
            for (int i = 1; i < size; i++) {
                groups.add(group[0], group[i]);
            }
        }
        size = 0;
        differ = false;
        most = 0;
    }

    @Override
    public void close() {
        answers.close();
    }
}
