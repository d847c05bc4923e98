package dev.attune.engine.train;

/**
 * Where the training loss goes: a mean in which a step ten steps ago counts a third of one now, and the lowest that it
 * was. Training has diverged where the mean is far above its lowest and above what guessing costs.
 *
 * @param steps steps that were seen
 * @param mean the mean, in what the job's loss is measured in
 * @param lowest lowest mean since the first {@value #SETTLED} steps
 */
record LossTrend(int steps, double mean, double lowest) {
    static final LossTrend NONE = new LossTrend(0, 0, 0);
    private static final double SHARE = 0.1;
    private static final int SETTLED = 10;
    private static final double RISE = 3;
    private static final double ABOVE_GUESSING = 2;

    /** After another step. */
    LossTrend after(double loss) {
        double now = steps == 0 ? loss : mean + SHARE * (loss - mean);
        return new LossTrend(steps + 1, now, steps < SETTLED ? now : Math.min(lowest, now));
    }

    /**
     * Whether training makes the model worse than one that guesses.
     *
     * @param vocabularySize guessing among so many tokens costs its logarithm
     */
    boolean hasDiverged(int vocabularySize) {
        return steps > 2 * SETTLED && mean > RISE * lowest && mean > Math.log(vocabularySize) + ABOVE_GUESSING;
    }
}
