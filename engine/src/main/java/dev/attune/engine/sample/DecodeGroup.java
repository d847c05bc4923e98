package dev.attune.engine.sample;

import dev.attune.engine.EngineException;
import dev.attune.engine.model.CausalLm;
import dev.attune.engine.model.DecodeSession;
import dev.attune.engine.model.LoraAdapter;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Texts of one model that are written side by side, each by a thread of its own. A token's time goes into reading the
 * weights, so one reading serves all: whoever gives the last token that is awaited takes the step for everyone. Someone
 * who is slow (its listener, say) is waited for a moment only; the others go on, and its turn comes with the next step.
 *
 * <p>Every step has the same shape, empty seats included, so that the rounding of a text's logits does not depend on its
 * neighbours: the same seed gives the same text in company and alone. Thread-safe; whoever makes it closes it, after the
 * last seat.
 */
final class DecodeGroup implements AutoCloseable {
    static final int SEATS = 4;
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int NO_TOKEN = -1;
    private static final float[] NOTHING = {};

    private final DecodeSession session;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final boolean[] taken = new boolean[SEATS];
    private final boolean[] writing = new boolean[SEATS];
    private final int[] given = new int[SEATS];
    private final float[][] logits = new float[SEATS][];
    private boolean busy;

    /** @param capacity most tokens of a text, prompt and completion together */
    DecodeGroup(CausalLm model, Optional<LoraAdapter> adapter, int capacity) {
        session = model.decode(adapter, SEATS, capacity);
        Arrays.fill(given, NO_TOKEN);
        Arrays.fill(logits, NOTHING);
    }

    /** How many seats are taken. */
    int company() {
        lock.lock();
        try {
            int count = 0;
            for (boolean seat : taken) {
                count += seat ? 1 : 0;
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Takes a seat, if one is free. */
    Optional<Decoding> join() {
        lock.lock();
        try {
            for (int seat = 0; seat < SEATS; seat++) {
                if (!taken[seat]) {
                    taken[seat] = true;
                    return Optional.of(new Seat(seat));
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private final class Seat implements Decoding {
        private final int seat;

        Seat(int seat) {
            this.seat = seat;
        }

        @Override
        public float[] begin(int[] prompt, BooleanSupplier wanted) {
            lock.lock();
            try {
                takeSession();
            } finally {
                lock.unlock();
            }
            try {
                session.truncate(seat, 0);
                return session.append(seat, prompt, wanted);
            } finally {
                giveSession(() -> writing[seat] = true);
            }
        }

        @Override
        public float[] next(int token) {
            lock.lock();
            try {
                given[seat] = token;
                changed.signalAll();
                long patience = System.nanoTime() + PATIENCE_NANOS;
                while (logits[seat].length == 0) {
                    long left = patience - System.nanoTime();
                    if (busy || left > 0 && !allHaveGiven()) {
                        await(busy ? PATIENCE_NANOS : left);
                    } else {
                        stepForAll();
                    }
                }
                float[] mine = logits[seat];
                logits[seat] = NOTHING;
                return mine;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                taken[seat] = false;
                writing[seat] = false;
                given[seat] = NO_TOKEN;
                logits[seat] = NOTHING;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Called with the lock, which is free while the step is computed. */
    private void stepForAll() {
        int[] tokens = given.clone();
        busy = true;
        lock.unlock();
        float[][] results = {};
        try {
            results = step(tokens);
        } finally {
            lock.lock();
            busy = false;
            for (int seat = 0; seat < results.length; seat++) {
                if (tokens[seat] != NO_TOKEN && given[seat] == tokens[seat]) {
                    logits[seat] = results[seat];
                    given[seat] = NO_TOKEN;
                }
            }
            changed.signalAll();
        }
    }

    private float[][] step(int[] tokens) {
        var seats = new int[SEATS];
        var inputs = new int[SEATS];
        var lengths = new int[SEATS];
        for (int seat = 0; seat < SEATS; seat++) {
            seats[seat] = seat;
            inputs[seat] = Math.max(0, tokens[seat]);
            lengths[seat] = session.length(seat);
        }
        float[][] results = session.step(seats, inputs);
        for (int seat = 0; seat < SEATS; seat++) {
            if (tokens[seat] == NO_TOKEN) {
                session.truncate(seat, lengths[seat]);
            }
        }
        return results;
    }

    private boolean allHaveGiven() {
        for (int seat = 0; seat < SEATS; seat++) {
            if (writing[seat] && given[seat] == NO_TOKEN) {
                return false;
            }
        }
        return true;
    }

    private void takeSession() {
        while (busy) {
            await(PATIENCE_NANOS);
        }
        busy = true;
    }

    private void giveSession(Runnable change) {
        lock.lock();
        try {
            busy = false;
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void await(long nanos) {
        try {
            var unused = changed.awaitNanos(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException("The generation was interrupted.", e);
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
