package dev.attune.engine.train;

/**
 * The lowest loss on the whole validation file so far.
 *
 * @param step optimizer steps done then; 0 where nothing was measured yet
 * @param loss that loss
 * @param epoch epochs done then
 * @param since how many validations there were since, none of them as low
 */
record BestSoFar(int step, double loss, int epoch, int since) {
    static final BestSoFar NONE = new BestSoFar(0, 0, 0, 0);

    /** After another validation. */
    BestSoFar after(int atStep, int atEpoch, double measured) {
        return step == 0 || measured < loss
                ? new BestSoFar(atStep, measured, atEpoch, 0)
                : new BestSoFar(step, loss, epoch, since + 1);
    }
}
