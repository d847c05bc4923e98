package dev.attune.dataset;

/**
 * How a dataset is to be split. Immutable; start with {@link #of} and add what is wanted.
 *
 * @param validation the share of the rows for validation, in [0, 1)
 * @param test the share for the test, in [0, 1); something must be left for training
 * @param seed decides which group goes where, but for the temporal mode
 * @param group rows with the same value of this key stay together, as those of one customer or one document should
 * @param stratum the value that each part should have in its share; where there is none, the label that the answers are,
 *            else the length of the row and its source
 * @param source says where a row came from
 * @param nearTogether whether near-duplicates stay together, and not only rows that ask exactly the same
 */
public record SplitPlan(double validation, double test, long seed, SplitMode mode, RowKey group, RowKey stratum,
        RowKey source, boolean nearTogether) {
    /**
     * Checks the shares.
     *
     * @throws DatasetException where they make no sense
     */
    public SplitPlan {
        if (!(validation >= 0 && test >= 0 && validation + test < 1)) {
            throw new DatasetException("The shares for validation (" + validation + ") and test (" + test
                    + ") must not be negative and must add up to less than 1, so that rows are left to train on.");
        }
    }

    /** Balanced, without a group key; strata by label, else by length and the key {@code source}. */
    public static SplitPlan of(double validation, double test, long seed) {
        return new SplitPlan(validation, test, seed, new SplitMode.Balanced(), RowKey.NONE, RowKey.NONE,
                new RowKey("source"), true);
    }

    public SplitPlan withMode(SplitMode other) {
        return new SplitPlan(validation, test, seed, other, group, stratum, source, nearTogether);
    }

    public SplitPlan groupedBy(RowKey key) {
        return new SplitPlan(validation, test, seed, mode, key, stratum, source, nearTogether);
    }

    public SplitPlan stratifiedBy(RowKey key) {
        return new SplitPlan(validation, test, seed, mode, group, key, source, nearTogether);
    }

    public SplitPlan withSource(RowKey key) {
        return new SplitPlan(validation, test, seed, mode, group, stratum, key, nearTogether);
    }

    /** Lets near-duplicates go to different parts; rows that ask exactly the same still stay together. */
    public SplitPlan nearApart() {
        return new SplitPlan(validation, test, seed, mode, group, stratum, source, false);
    }

    double[] shares() {
        return new double[]{1 - validation - test, validation, test};
    }
}
