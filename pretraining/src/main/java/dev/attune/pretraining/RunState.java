package dev.attune.pretraining;

import java.util.List;

/**
 * Where a pretraining run stands.
 *
 * @param step optimizer steps taken
 * @param tokens tokens learned from, padding not counted
 * @param cursor index of the next example of the stream
 * @param carried indices before the cursor that found no room yet and come first
 * @param seconds time spent in steps
 * @param decayFrom tokens at which the learning rate begins to fall
 * @param decayTokens tokens over which it falls to 0
 */
record RunState(long step, long tokens, long cursor, List<Long> carried, double seconds, long decayFrom,
        long decayTokens) {
    RunState {
        carried = carried == null ? List.of() : List.copyOf(carried);
    }

    static RunState start(PretrainingSettings settings) {
        long decay = Math.round(settings.totalTokens() * settings.decayShare());
        return new RunState(0, 0, settings.firstLesson(), List.of(), 0, settings.totalTokens() - decay, decay);
    }

    boolean finished() {
        return tokens >= decayFrom + decayTokens;
    }

    /** The learning rate as a share of its peak: rises, stays, falls in a straight line. */
    double rateShare(long warmupTokens) {
        double rise = Math.min(1, (tokens + 1.0) / Math.max(1, warmupTokens));
        double fall = (decayFrom + decayTokens - tokens) / (double) Math.max(1, decayTokens);
        return Math.clamp(Math.min(rise, fall), 0, 1);
    }

    RunState after(BatchSource.StepBatch batch, double moreSeconds) {
        return new RunState(step + 1, tokens + batch.realTokens(), batch.cursor(), batch.carried(),
                seconds + moreSeconds,
                decayFrom, decayTokens);
    }

    /** The same state with a rate that falls from what it is to 0 over so many tokens more. */
    RunState decayNow(long overTokens) {
        double share = Math.clamp((decayFrom + decayTokens - tokens) / (double) Math.max(1, decayTokens), 0.01, 1);
        long whole = Math.round(overTokens / share);
        return new RunState(step, tokens, cursor, carried, seconds, tokens + overTokens - whole, whole);
    }
}
