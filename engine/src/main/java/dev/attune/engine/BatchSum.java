package dev.attune.engine;

/**
 * What passes over examples found, as sums, so that batches add up.
 *
 * @param tokens of conversations, all trained tokens; of pairs, those of the preferred answers
 * @param pairs of pairs; empty for conversations
 */
record BatchSum(LossSum tokens, PreferenceSum pairs) {
    static final BatchSum ZERO = new BatchSum(LossSum.ZERO, PreferenceSum.ZERO);

    BatchSum plus(BatchSum other) {
        return new BatchSum(tokens.plus(other.tokens), pairs.plus(other.pairs));
    }

    /** The loss that is minimised: the mean over trained tokens, or over pairs. */
    double meanLoss() {
        return pairs.pairs() > 0 ? pairs.meanLoss() : tokens.meanLoss();
    }

    /** Share of the tokens that were the likeliest prediction. */
    double accuracy() {
        return tokens.accuracy();
    }
}
