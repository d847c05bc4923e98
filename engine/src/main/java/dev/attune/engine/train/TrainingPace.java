package dev.attune.engine.train;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * How fast training goes, and how long it will go on. The pace is that of optimizer steps alone, as a mean in which a step
 * ten seconds ago counts a third of one now; what is done between steps is measured apart, kind by kind. Not thread-safe.
 */
final class TrainingPace {
    private static final double MEMORY_SECONDS = 10;

    private final LongSupplier nanoTime;
    private final double secondsBetweenCheckpoints;
    private final Map<Pause, Measured> pauses = new EnumMap<>(Pause.class);
    private double seconds;
    private double tokens;
    private double steps;

    /** What is done between steps. */
    enum Pause {
        SMALL_VALIDATION, VALIDATION, ROW_LOSSES, CHECKPOINT
    }

    /** Pauses of one kind that there were, and the tokens that one is expected to pass through the model. */
    private static final class Measured {
        private double seconds;
        private int count;
        private long tokens;
    }

    /** What is timed. */
    interface Work<R> {
        R run() throws IOException;
    }

    /**
     * @param nanoTime a clock, as {@link System#nanoTime}
     * @param secondsBetweenCheckpoints after which there is one within an epoch
     */
    TrainingPace(LongSupplier nanoTime, double secondsBetweenCheckpoints) {
        this.nanoTime = nanoTime;
        this.secondsBetweenCheckpoints = secondsBetweenCheckpoints;
    }

    private Measured of(Pause pause) {
        return pauses.computeIfAbsent(pause, kind -> new Measured());
    }

    /** Says how many tokens a pause passes through the model, without learning from them. */
    void expect(Pause pause, long measuredTokens) {
        of(pause).tokens = measuredTokens;
    }

    /**
     * Takes an optimizer step, and times it.
     *
     * @param stepTokens how many tokens it was over
     */
    <R> R step(Work<R> work, ToLongFunction<R> stepTokens) throws IOException {
        long began = nanoTime.getAsLong();
        R result = work.run();
        double took = (nanoTime.getAsLong() - began) / 1e9;
        double fade = Math.exp(-took / MEMORY_SECONDS);
        seconds = seconds * fade + took;
        tokens = tokens * fade + stepTokens.applyAsLong(result);
        steps = steps * fade + 1;
        return result;
    }

    /** Does what is no step, and times it. */
    <R> R pause(Pause pause, Work<R> work) throws IOException {
        long began = nanoTime.getAsLong();
        R result = work.run();
        Measured measured = of(pause);
        measured.seconds += (nanoTime.getAsLong() - began) / 1e9;
        measured.count++;
        return result;
    }

    double tokensPerSecond() {
        return seconds == 0 ? 0 : tokens / seconds;
    }

    /**
     * Time to the end.
     *
     * @param moreSteps optimizer steps to come
     * @param morePauses pauses to come; checkpoints within an epoch are counted here
     */
    double secondsFor(int moreSteps, Map<Pause, Integer> morePauses) {
        double left = steps == 0 ? 0 : moreSteps * seconds / steps;
        for (Map.Entry<Pause, Integer> more : morePauses.entrySet()) {
            left += more.getValue() * seconds(more.getKey());
        }
        double checkpoint = seconds(Pause.CHECKPOINT);
        return left + Math.floor(left / Math.max(1, secondsBetweenCheckpoints)) * checkpoint;
    }

    /** Of one pause: as it was measured, else as its tokens say. */
    private double seconds(Pause pause) {
        Measured measured = of(pause);
        return measured.count > 0 ? measured.seconds / measured.count : measured.tokens * secondsPerMeasuredToken();
    }

    /** Of a token that is not learned from: as other pauses say, else as the steps say. */
    private double secondsPerMeasuredToken() {
        double known = 0;
        double passed = 0;
        for (Measured measured : pauses.values()) {
            known += measured.tokens > 0 ? measured.seconds : 0;
            passed += (double) measured.tokens * measured.count;
        }
        if (passed > 0) {
            return known / passed;
        }
        return tokens == 0 ? 0 : JobEstimate.MEASURING * seconds / tokens;
    }
}
