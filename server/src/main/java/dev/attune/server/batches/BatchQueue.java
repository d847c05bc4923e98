package dev.attune.server.batches;

import dev.attune.server.protocol.Caller;
import dev.attune.server.protocol.Failures;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What moves batches on in the background: one thread, one batch at a time, in the order in which they were made. */
public final class BatchQueue implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BatchQueue.class);
    private static final long REST_MILLIS = 1000;

    private final BatchStore batches;
    private final BatchRun run;
    private final Semaphore bell = new Semaphore(0);
    private final Thread thread = Thread.ofPlatform().daemon().name("attune-batch").unstarted(this::loop);
    private volatile boolean closed;

    public BatchQueue(BatchStore batches, BatchRun run) {
        this.batches = batches;
        this.run = run;
    }

    public void start() {
        thread.start();
    }

    /** Says that there may be something new to do. */
    public void wake() {
        bell.release();
    }

    /** Stops after the answers that are being given; a batch goes on at the next start. */
    @Override
    public void close() {
        closed = true;
        wake();
        try {
            if (thread.isAlive()) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void loop() {
        while (!closed) {
            try {
                Optional<Batch> next = batches.next();
                if (next.isPresent()) {
                    advance(next.get());
                } else {
                    var unused = bell.tryAcquire(REST_MILLIS, TimeUnit.MILLISECONDS);
                    bell.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void advance(Batch batch) throws InterruptedException {
        Caller.actingFor(batch.organization(), () -> advanceOwn(batch));
    }

    private void advanceOwn(Batch batch) throws InterruptedException {
        try {
            run.advance(batch, () -> closed);
        } catch (IOException | RuntimeException e) {
            log.error("batch {} cannot go on", batch.id(), e);
            if (Failures.isDiskFull(e)) {
                TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
                return;
            }
            run.fail(batch, batch.status(), List.of(new BatchWire.BatchError("server_error",
                    "The batch failed due to an internal error: " + e.getMessage(), null, null)));
        }
    }
}
