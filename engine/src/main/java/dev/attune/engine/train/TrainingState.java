package dev.attune.engine.train;

import java.util.Objects;

/**
 * Where training stands between two optimizer steps, without the weights: data cursor and seed. The order
 * of an epoch's examples follows from seed and epoch alone, so this is all the random state there is.
 *
 * @param step optimizer steps done
 * @param epoch epoch of the next step, from 0
 * @param position examples of that epoch that are done
 * @param epochsDone epochs that are complete
 * @param atEpochEnd whether the last step ended an epoch
 * @param seed the job's seed
 * @param threads threads that computed so far; another number gives other roundings
 * @param tokensPerPass most tokens that go through the model at once; another number gives other roundings
 * @param best the lowest validation loss so far
 * @param trend where the training loss goes
 */
record TrainingState(int step, int epoch, int position, int epochsDone, boolean atEpochEnd, long seed, int threads,
        int tokensPerPass, BestSoFar best, LossTrend trend) {

    TrainingState {
        best = Objects.requireNonNullElse(best, BestSoFar.NONE);
        trend = Objects.requireNonNullElse(trend, LossTrend.NONE);
    }

    /** Before anything was validated. */
    TrainingState(int step, int epoch, int position, int epochsDone, boolean atEpochEnd, long seed, int threads) {
        this(step, epoch, position, epochsDone, atEpochEnd, seed, threads, JobRun.TOKENS_PER_PASS, BestSoFar.NONE,
                LossTrend.NONE);
    }

    /** As a job begins. */
    static TrainingState begin(long seed, int threads, int tokensPerPass) {
        return new TrainingState(0, 0, 0, 0, false, seed, threads, tokensPerPass, BestSoFar.NONE, LossTrend.NONE);
    }

    /**
     * After a step.
     *
     * @param examples of the step
     * @param epochSize examples in an epoch
     */
    TrainingState after(int examples, int epochSize, LossTrend now) {
        int reached = position + examples;
        boolean ends = reached >= epochSize;
        return new TrainingState(step + 1, ends ? epoch + 1 : epoch, ends ? 0 : reached,
                ends ? epochsDone + 1 : epochsDone, ends, seed, threads, tokensPerPass, best, now);
    }

    /** After the whole validation file was measured. */
    TrainingState validated(double loss) {
        return new TrainingState(step, epoch, position, epochsDone, atEpochEnd, seed, threads,
                tokensPerPass, best.after(step, epochsDone, loss), trend);
    }
}
