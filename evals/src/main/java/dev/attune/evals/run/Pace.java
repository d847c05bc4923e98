package dev.attune.evals.run;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many requests may be under way, found out by asking: additive increase, multiplicative decrease (Chiu and Jain 1989).
 * A refusal for too many requests cuts the number to 70 % and holds all new requests back for as long as the server says;
 * as many answers as are allowed at once, without such a refusal, raise it by one; a server that is unwell only stops the
 * growth. Refusals of requests sent before a cut do not cut again. Thread-safe.
 */
final class Pace {
    private static final double CUT = 0.7;
    private static final Duration LEAST_PAUSE = Duration.ofMillis(500);
    private static final long LOOK_AGAIN_MILLIS = 200;

    private final int most;
    private final Clock clock;
    /** Not a monitor: virtual threads wait here by the hundred, and a timed wait on a monitor has held their carriers. */
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private double allowed;
    private int underWay;
    private int clean;
    private long notBefore;
    private long lastCut = Long.MIN_VALUE;

    Pace(int start, int most, Clock clock) {
        this.allowed = Math.min(start, most);
        this.most = most;
        this.clock = clock;
        this.notBefore = clock.nanos();
    }

    /**
     * Waits for a turn.
     *
     * @param deadline in the clock's nanoseconds
     * @return when the turn began, to be handed back; empty where the deadline comes before the next turn
     */
    OptionalLong begin(long deadline) throws InterruptedException {
        while (true) {
            long wait;
            lock.lockInterruptibly();
            try {
                long now = clock.nanos();
                if (now - deadline >= 0 || notBefore - deadline >= 0) {
                    return OptionalLong.empty();
                }
                if (underWay < (int) allowed && now - notBefore >= 0) {
                    underWay++;
                    return OptionalLong.of(now);
                }
                wait = now - notBefore < 0 ? Math.min(notBefore - now, deadline - now) : 0;
                if (wait == 0) {
                    var unused = changed.await(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
                }
            } finally {
                lock.unlock();
            }
            if (wait > 0) {
                clock.sleep(Duration.ofNanos(wait));
            }
        }
    }

    void answered() {
        ended(() -> {
            clean++;
            if (clean >= (int) allowed) {
                allowed = Math.min(most, allowed + 1);
                clean = 0;
            }
        });
    }

    /**
     * A request was refused for haste.
     *
     * @param begun when it was sent
     * @return whether all others have to wait longer than before
     */
    boolean limited(long begun, Duration retryAfter) {
        var longer = new AtomicBoolean();
        ended(() -> {
            clean = 0;
            long now = clock.nanos();
            if (lastCut == Long.MIN_VALUE || begun - lastCut >= 0) {
                allowed = Math.max(1, Math.floor(allowed * CUT));
                lastCut = now;
            }
            long pause = Math.max(LEAST_PAUSE.toNanos(), retryAfter.toNanos());
            longer.set(notBefore - now <= 0);
            notBefore = now + pause - notBefore > 0 ? now + pause : notBefore;
        });
        return longer.get();
    }

    void unwell() {
        ended(() -> clean = 0);
    }

    int allowed() {
        lock.lock();
        try {
            return (int) allowed;
        } finally {
            lock.unlock();
        }
    }

    /** A request is no longer under way. */
    private void ended(Runnable change) {
        lock.lock();
        try {
            underWay--;
            change.run();
            // One waiter for each free place: hundreds wait, and waking all of them for one place costs more than the answer.
            for (int free = (int) allowed - underWay; free > 0; free--) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }
}
