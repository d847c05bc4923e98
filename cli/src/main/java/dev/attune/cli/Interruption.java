package dev.attune.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM as an interrupt of the thread that works: the JVM's shutdown waits until that thread has put its
 * things away. Closed by the same thread when there is nothing left to put away.
 */
final class Interruption implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread worker = Thread.currentThread();
    private final Thread hook = new Thread(this::interruptAndWait, "interruption");
    private final String farewell;
    private volatile boolean asked;

    /**
     * Begins to listen.
     *
     * @param farewell the sentence that is told when the work has stopped: how to go on
     */
    Interruption(String farewell) {
        this.farewell = farewell;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Whether somebody wants the work to stop. */
    boolean isAsked() {
        return asked;
    }

    private void interruptAndWait() {
        asked = true;
        worker.interrupt();
        if (Screen.isTerminal("err")) {
            System.err.print("\r\u001b[Kstopping after a checkpoint…");
        }
        try {
            // Nobody else can tell it: when this thread ends, the process does.
            done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            System.err.println((Screen.isTerminal("err") ? "\r\u001b[K" : "") + "attune: " + farewell);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        done.countDown();
        if (!asked) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                asked = true; // The shutdown began just now; the hook finds the work done.
            }
        }
    }
}
