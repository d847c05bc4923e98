package dev.attune.evals.run;

import java.time.Duration;

/** Time that goes by; tests bring their own. */
interface Clock {
    /** The machine's own. */
    Clock SYSTEM = new Clock() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void sleep(Duration time) throws InterruptedException {
            Thread.sleep(time);
        }
    };

    long nanos();

    void sleep(Duration time) throws InterruptedException;
}
