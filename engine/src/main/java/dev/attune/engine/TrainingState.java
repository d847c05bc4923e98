package dev.attune.engine;

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
 * @param best the lowest validation loss so far
 */
record TrainingState(int step, int epoch, int position, int epochsDone, boolean atEpochEnd, long seed, int threads,
        BestSoFar best) {

    TrainingState {
        best = Objects.requireNonNullElse(best, BestSoFar.NONE);
    }

    /** Before anything was validated. */
    TrainingState(int step, int epoch, int position, int epochsDone, boolean atEpochEnd, long seed, int threads) {
        this(step, epoch, position, epochsDone, atEpochEnd, seed, threads, BestSoFar.NONE);
    }

    /** After the whole validation file was measured. */
    TrainingState validated(double loss) {
        return new TrainingState(step, epoch, position, epochsDone, atEpochEnd, seed, threads,
                best.after(step, epochsDone, loss));
    }
}
