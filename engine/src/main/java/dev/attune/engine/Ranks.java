package dev.attune.engine;

import org.bytedeco.pytorch.Tensor;

/**
 * The processes that train one job together, each with a share of every batch. All do the same steps in the same order;
 * the first, rank 0, decides, tells the progress and writes checkpoints. Used by one thread; whoever joins closes it.
 */
sealed interface Ranks extends AutoCloseable permits Ranks.Alone, GlooRanks {

    /** One process. */
    Ranks ALONE = new Alone();

    /** This process's number, from 0. */
    int rank();

    /** How many processes there are. */
    int size();

    /**
     * Makes a vector the sum of those of all processes, in place; the same bits in each.
     *
     * @throws Lost where one of them is gone
     */
    void add(Tensor vector);

    /** The sums of all processes' figures. */
    double[] add(double... figures);

    @Override
    void close();

    /** Sums of a share of a batch as sums of the whole batch. */
    default BatchSum add(BatchSum own) {
        if (size() == 1) {
            return own;
        }
        LossSum tokens = own.tokens();
        PreferenceSum pairs = own.pairs();
        double[] all = add(tokens.loss(), tokens.tokens(), tokens.correct(), pairs.loss(), pairs.pairs(), pairs.wins(),
                pairs.preferredReward(), pairs.otherReward());
        return new BatchSum(new LossSum(all[0], (long) all[1], (long) all[2]),
                new PreferenceSum(all[3], (long) all[4], (long) all[5], all[6], all[7]));
    }

    /** Another process is gone. */
    final class Lost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Lost(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** One process is all there are. */
    record Alone() implements Ranks {
        @Override
        public int rank() {
            return 0;
        }

        @Override
        public int size() {
            return 1;
        }

        @Override
        public void add(Tensor vector) {
            // What one process has is the sum.
        }

        @Override
        public double[] add(double... figures) {
            return figures;
        }

        @Override
        public void close() {
            // Nothing was opened.
        }
    }
}
