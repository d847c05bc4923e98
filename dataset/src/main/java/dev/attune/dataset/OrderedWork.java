package dev.attune.dataset;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Work that is done on several threads and whose outcomes are taken on one, in the order in which the work was given. Little is
 * under way at a time, so memory stays bounded. Used by one thread, which closes it.
 */
final class OrderedWork implements AutoCloseable {
    private final int workers;
    private final ExecutorService pool;
    private final Deque<Future<Runnable>> waiting = new ArrayDeque<>();

    OrderedWork(int workers) {
        this.workers = workers;
        this.pool = Executors.newFixedThreadPool(workers, Thread.ofPlatform().daemon().factory());
    }

    /** Gives work; what it returns is run on this thread, once the outcome of all before it was. */
    void give(Supplier<Runnable> work) {
        waiting.add(pool.submit(work::get));
        if (waiting.size() > workers + 1) {
            take();
        }
    }

    /** Takes the outcomes that are left. */
    void finish() {
        while (!waiting.isEmpty()) {
            take();
        }
    }

    private void take() {
        try {
            waiting.remove().get().run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatasetException("Reading was interrupted.", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("looking at rows failed", e.getCause());
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
