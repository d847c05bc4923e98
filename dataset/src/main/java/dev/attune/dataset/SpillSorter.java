package dev.attune.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Sorts any number of records of a few longs in bounded memory: what a buffer holds is sorted and written to a temporary
 * file, a run, and the runs are merged. Records are added first and then read once. Whoever makes one closes it. Not
 * thread-safe.
 */
final class SpillSorter implements AutoCloseable {
    /** More runs than this are merged into one before, so that few files are open and their buffers stay small. */
    private static final int FAN_IN = 64;

    private final Path folder;
    private final int width;
    private final RecordBuffer buffer;
    private final long[] record;
    private final List<SpillRun> runs = new ArrayList<>();
    private final PriorityQueue<SpillRun> merging = new PriorityQueue<>();
    private @Nullable SpillRun last;
    private int at = -1;

    /**
     * A sorter.
     *
     * @param width longs in a record
     * @param budgetBytes what it may take of the heap; it takes at least a few records
     */
    SpillSorter(Path folder, int width, long budgetBytes) {
        this.folder = folder;
        this.width = width;
        long records = Math.clamp(budgetBytes / (2L * Long.BYTES * width), 4, (1 << 27) / width);
        this.buffer = new RecordBuffer(width, (int) records);
        this.record = new long[width];
    }

    void add(long... values) {
        if (buffer.isFull()) {
            spill();
        }
        buffer.add(values);
    }

    private void spill() {
        buffer.sort();
        try {
            SpillRun run = SpillRun.create(folder, width);
            runs.add(run);
            for (int i = 0; i < buffer.size(); i++) {
                buffer.copyTo(i, record);
                run.write(record);
            }
            run.rewind();
            if (runs.size() > FAN_IN) {
                mergeRuns();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        buffer.clear();
    }

    private void mergeRuns() throws IOException {
        SpillRun merged = SpillRun.create(folder, width);
        var queue = new PriorityQueue<SpillRun>();
        for (SpillRun run : runs) {
            if (run.next()) {
                queue.add(run);
            }
        }
        for (SpillRun least = queue.poll(); least != null; least = queue.poll()) {
            merged.write(least.record());
            if (least.next()) {
                queue.add(least);
            }
        }
        merged.rewind();
        closeRuns();
        runs.add(merged);
    }

    /** Whether records had to be written to a file. */
    boolean hasSpilled() {
        return !runs.isEmpty();
    }

    /** The next record in order, or null at the end; the array is used again for the next. Nothing can be added any more. */
    long @Nullable [] next() {
        try {
            if (at < 0) {
                begin();
            }
            if (runs.isEmpty()) {
                if (at == buffer.size()) {
                    return null;
                }
                buffer.copyTo(at++, record);
                return record;
            }
            if (last != null && last.next()) {
                merging.add(last);
            }
            last = merging.poll();
            return last == null ? null : last.record();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void begin() throws IOException {
        at = 0;
        if (runs.isEmpty()) {
            buffer.sort();
            return;
        }
        spill();
        buffer.release();
        for (SpillRun run : runs) {
            if (run.next()) {
                merging.add(run);
            }
        }
    }

    private void closeRuns() throws IOException {
        for (SpillRun run : runs) {
            run.close();
        }
        runs.clear();
    }

    @Override
    public void close() {
        buffer.release();
        at = 0;
        try {
            closeRuns();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
