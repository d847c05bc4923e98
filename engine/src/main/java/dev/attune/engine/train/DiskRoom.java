package dev.attune.engine.train;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Patience with a full disk: what cannot be written for want of room is tried again until it can, so that a job pauses
 * instead of failing. A little room is kept back, so that the pause can be told. Used by one thread; whoever makes it
 * closes it.
 */
final class DiskRoom implements AutoCloseable {
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    static final String ROOM_AGAIN = "The disk has room again: training goes on.";
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Path folder;
    private final BooleanSupplier leaving;
    private DiskReserve reserve;
    private boolean waiting;

    /** What writes; tried again from its beginning where there was no room. */
    interface Writing<T> {
        T write() throws IOException;
    }

    /** Where the pause is told. */
    interface Telling {
        void tell(Progress.Level level, String message) throws IOException;
    }

    /** There is no room, and someone wishes the trainer to end. */
    static final class Left extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** @param leaving whether someone wishes the trainer to end; asked while it waits */
    DiskRoom(Path folder, BooleanSupplier leaving) {
        this.folder = folder;
        this.leaving = leaving;
        this.reserve = DiskReserve.take(folder.resolve("reserve"));
    }

    /**
     * Writes, as soon as there is room.
     *
     * @throws Left where the trainer is to end before
     */
    <T> T write(Telling telling, Writing<T> writing) throws IOException {
        if (waiting) {
            return writing.write();
        }
        Duration wait = FIRST_WAIT;
        try {
            while (true) {
                try {
                    T written = writing.write();
                    if (waiting) {
                        reserve = DiskReserve.take(folder.resolve("reserve"));
                        tell(telling, Progress.Level.INFO, ROOM_AGAIN);
                    }
                    return written;
                } catch (IOException | RuntimeException e) {
                    if (!JobFailures.isDiskFull(e)) {
                        throw e;
                    }
                }
                if (!waiting) {
                    waiting = true;
                    reserve.close();
                    tell(telling, Progress.Level.WARN, "The disk that holds " + folder
                            + " is full: training is paused and goes on by itself when there is room.");
                }
                pause(wait);
                wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
            }
        } finally {
            waiting = false;
        }
    }

    private static void tell(Telling telling, Progress.Level level, String message) throws IOException {
        System.err.println(message);
        try {
            telling.tell(level, message);
        } catch (IOException e) {
            if (!JobFailures.isDiskFull(e)) {
                throw e;
            }
        }
    }

    private void pause(Duration wait) {
        long end = System.nanoTime() + wait.toNanos();
        while (System.nanoTime() < end) {
            if (leaving.getAsBoolean()) {
                throw new Left();
            }
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Left();
            }
        }
    }

    /** Gives the room back that was kept. */
    @Override
    public void close() {
        reserve.close();
    }
}
