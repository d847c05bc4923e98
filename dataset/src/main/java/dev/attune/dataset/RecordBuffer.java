package dev.attune.dataset;

import java.util.Arrays;

/** Records of a few longs each, one after the other in one array, sorted by their longs from first to last. Not thread-safe. */
final class RecordBuffer {
    private static final int FIRST_RECORDS = 256;

    private final int width;
    private final int records;
    private long[] longs;
    private long[] spare;
    private int size;

    /** A buffer that grows up to a number of records; sorting takes as much memory again. */
    RecordBuffer(int width, int records) {
        this.width = width;
        this.records = records;
        this.longs = new long[width * Math.min(records, FIRST_RECORDS)];
        this.spare = new long[0];
    }

    void add(long[] record) {
        if ((size + 1) * width > longs.length) {
            longs = Arrays.copyOf(longs, width * (int) Math.min(records, 2L * size));
        }
        System.arraycopy(record, 0, longs, size * width, width);
        size++;
    }

    boolean isFull() {
        return size == records;
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    /** Gives the memory back. */
    void release() {
        size = 0;
        longs = new long[0];
        spare = longs;
    }

    void copyTo(int record, long[] target) {
        System.arraycopy(longs, record * width, target, 0, width);
    }

    long at(int record, int place) {
        return longs[record * width + place];
    }

    /** Merge sort from runs of one record upwards: no order of the input makes it slow. */
    void sort() {
        if (spare.length < longs.length) {
            spare = new long[longs.length];
        }
        for (int run = 1; run < size; run *= 2) {
            for (int from = 0; from < size; from += 2 * run) {
                merge(from, Math.min(from + run, size), Math.min(from + 2 * run, size));
            }
            long[] merged = spare;
            spare = longs;
            longs = merged;
        }
    }

    private void merge(int from, int middle, int to) {
        int left = from;
        int right = middle;
        for (int at = from; at < to; at++) {
            boolean takeLeft = left < middle && (right >= to || compare(left, right) <= 0);
            System.arraycopy(longs, (takeLeft ? left++ : right++) * width, spare, at * width, width);
        }
    }

    private int compare(int left, int right) {
        return Arrays.compare(longs, left * width, (left + 1) * width, longs, right * width, (right + 1) * width);
    }
}
