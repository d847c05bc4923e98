package dev.attune.engine.train;

/**
 * What is measured while a job trains, and when it ends by itself.
 *
 * @param patience epochs without a lower validation loss after which training ends, the best checkpoint being the result;
 *        0 to train to the end
 * @param validateEvery optimizer steps from one small validation to the next; 0 for about fifty in all
 * @param rowLosses whether the loss of each row of the training file is kept
 */
public record Watch(int patience, int validateEvery, boolean rowLosses) {
    /** Trains to the end, validates about fifty times, and keeps the rows' losses. */
    public static final Watch USUAL = new Watch(0, 0, true);
}
