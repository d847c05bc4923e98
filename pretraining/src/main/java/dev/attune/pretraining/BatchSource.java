package dev.attune.pretraining;

import dev.attune.engine.model.PackedBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Makes the batches of the coming step while the present one is computed. What comes is a function of the stream and
 * the cursor alone.
 */
final class BatchSource implements AutoCloseable {
    /** A step's rows count as full once this many examples found no room. */
    private static final int MOST_CARRIED = 10;

    private final TokenStream stream;
    private final int rows;
    private final int rowLength;
    private final ExecutorService thread = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().name("batches").daemon().factory());
    private long cursor;
    private List<Long> carried;
    private int passes;
    private Future<StepBatch> next;

    /**
     * One step's batches.
     *
     * @param cursor index of the first example that was not looked at
     * @param carried indices before it that found no room
     */
    record StepBatch(List<PackedBatch> batches, long cursor, List<Long> carried) {
        int trainedTokens() {
            return batches.stream().mapToInt(PackedBatch::trainedTokens).sum();
        }

        int realTokens() {
            return batches.stream().mapToInt(PackedBatch::realTokens).sum();
        }
    }

    BatchSource(TokenStream stream, int rows, int rowLength, RunState state, int passes) {
        this.stream = stream;
        this.rows = rows;
        this.rowLength = rowLength;
        this.cursor = state.cursor();
        this.carried = state.carried();
        this.passes = passes;
        this.next = thread.submit(making(cursor, carried, passes));
    }

    private Callable<StepBatch> making(long from, List<Long> first, int count) {
        return () -> make(from, first, count);
    }

    private StepBatch make(long from, List<Long> first, int count) {
        var filler = new PackedBatch.Filler(rows * count, rowLength);
        var left = new ArrayList<Long>();
        for (long index : first) {
            place(filler, index, left);
        }
        long index = from;
        while (left.size() < MOST_CARRIED) {
            place(filler, index++, left);
        }
        return new StepBatch(filler.build(count), index, left);
    }

    private void place(PackedBatch.Filler filler, long index, List<Long> left) {
        if (!filler.add(stream.get(index))) {
            left.add(index);
        }
    }

    /**
     * The next step's batches.
     *
     * @param wanted how many
     */
    StepBatch take(int wanted) {
        try {
            StepBatch made = wanted == passes ? next.get() : make(cursor, carried, wanted);
            cursor = made.cursor();
            carried = made.carried();
            passes = wanted;
            next = thread.submit(making(cursor, carried, passes));
            return made;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while batches were made", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the stream failed near index " + cursor, e.getCause());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
