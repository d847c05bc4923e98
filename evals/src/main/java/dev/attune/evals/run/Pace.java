package dev.attune.evals.run;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How many requests may be under way, found out by asking: additive increase, multiplicative decrease (Chiu and Jain 1989).
 * A refusal for too many requests cuts the number to 70 % and holds all new requests back for as long as the server says;
 * as many answers as are allowed at once, without such a refusal, raise it by one; a server that is unwell only stops the
 * growth. Refusals of requests sent before a cut do not cut again. Thread-safe.
 */
final class Pace {
    private static final double CUT = 0.7;
    private static final Duration LEAST_PAUSE = Duration.ofMillis(500);

    private final int most;
    private final Clock clock;
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
     * @return when the turn began, to be handed back; empty where the deadline came first
     */
    java.util.OptionalLong begin(long deadline) throws InterruptedException {
        while (true) {
            long wait;
            synchronized (this) {
                long now = clock.nanos();
                if (now - deadline >= 0) {
                    return java.util.OptionalLong.empty();
                }
                if (underWay < (int) allowed && now - notBefore >= 0) {
                    underWay++;
                    return java.util.OptionalLong.of(now);
                }
                wait = now - notBefore < 0 ? Math.min(notBefore - now, deadline - now) : 0;
                if (wait == 0) {
                    TimeUnit.MILLISECONDS.timedWait(this, 20);
                }
            }
            if (wait > 0) {
                clock.sleep(Duration.ofNanos(wait));
            }
        }
    }

    synchronized void answered() {
        underWay--;
        clean++;
        if (clean >= (int) allowed) {
            allowed = Math.min(most, allowed + 1);
            clean = 0;
        }
        notifyAll();
    }

    /** @param begun when the refused request was sent */
    synchronized void limited(long begun, Duration retryAfter) {
        underWay--;
        clean = 0;
        long now = clock.nanos();
        if (lastCut == Long.MIN_VALUE || begun - lastCut >= 0) {
            allowed = Math.max(1, Math.floor(allowed * CUT));
            lastCut = now;
        }
        long pause = Math.max(LEAST_PAUSE.toNanos(), retryAfter.toNanos());
        notBefore = now + pause - notBefore > 0 ? now + pause : notBefore;
        notifyAll();
    }

    synchronized void unwell() {
        underWay--;
        clean = 0;
        notifyAll();
    }

    synchronized int allowed() {
        return (int) allowed;
    }
}
