package dev.attune.pretraining;

import dev.attune.engine.PackedBatch;
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
    private final TokenStream stream;
    private final int rows;
    private final int rowLength;
    private final ExecutorService thread = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().name("batches").daemon().factory());
    private long cursor;
    private int passes;
    private Future<StepBatch> next;

    /**
     * One step's batches.
     *
     * @param cursor index of the first example after them
     */
    record StepBatch(List<PackedBatch> batches, long cursor) {
        int trainedTokens() {
            return batches.stream().mapToInt(PackedBatch::trainedTokens).sum();
        }

        int realTokens() {
            return batches.stream().mapToInt(PackedBatch::realTokens).sum();
        }
    }

    BatchSource(TokenStream stream, int rows, int rowLength, long cursor, int passes) {
        this.stream = stream;
        this.rows = rows;
        this.rowLength = rowLength;
        this.cursor = cursor;
        this.passes = passes;
        this.next = thread.submit(making(cursor, passes));
    }

    private Callable<StepBatch> making(long from, int count) {
        return () -> make(from, count);
    }

    private StepBatch make(long from, int count) {
        var batches = new ArrayList<PackedBatch>();
        long index = from;
        for (int i = 0; i < count; i++) {
            var filler = new PackedBatch.Filler(rows, rowLength);
            while (filler.add(stream.get(index))) {
                index++;
            }
            batches.add(filler.build());
        }
        return new StepBatch(batches, index);
    }

    /**
     * The next step's batches.
     *
     * @param wanted how many
     */
    StepBatch take(int wanted) {
        try {
            StepBatch made = wanted == passes ? next.get() : make(cursor, wanted);
            cursor = made.cursor();
            passes = wanted;
            next = thread.submit(making(cursor, passes));
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
