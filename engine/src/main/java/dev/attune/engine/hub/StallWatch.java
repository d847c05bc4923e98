package dev.attune.engine.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Closes a stream that has given nothing for some time, so that whoever reads it is not kept for ever. */
final class StallWatch implements AutoCloseable {
    private final ScheduledExecutorService clock = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("stall-watch").factory());
    private volatile long last = System.nanoTime();

    StallWatch(InputStream stream, Duration patience) {
        clock.scheduleWithFixedDelay(() -> {
            if (System.nanoTime() - last > patience.toNanos()) {
                closeQuietly(stream);
            }
        }, patience.toMillis() / 4, patience.toMillis() / 4, TimeUnit.MILLISECONDS);
    }

    /** Something came. */
    void moved() {
        last = System.nanoTime();
    }

    private static void closeQuietly(InputStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // The reader learns of it.
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
