package dev.attune.engine.train;

import dev.attune.engine.model.LossSum;

import java.util.List;

/**
 * What passes over examples found, as sums, so that batches add up.
 *
 * @param tokens of conversations, all trained tokens; of pairs, those of the preferred answers
 * @param pairs of pairs; empty for conversations
 */
public record BatchSum(LossSum tokens, PreferenceSum pairs) {
    static final BatchSum ZERO = new BatchSum(LossSum.ZERO, PreferenceSum.ZERO);

    /** How many figures {@link #figures} gives. */
    static final int FIGURES = 8;

    static BatchSum of(List<BatchSum> sums) {
        return sums.stream().reduce(ZERO, BatchSum::plus);
    }

    /** From such figures, the first of which stands at {@code from}. */
    static BatchSum of(double[] figures, int from) {
        return new BatchSum(new LossSum(figures[from], (long) figures[from + 1], (long) figures[from + 2]),
                new PreferenceSum(figures[from + 3], (long) figures[from + 4], (long) figures[from + 5],
                        figures[from + 6], figures[from + 7]));
    }

    /** All sums and counts, as processes add them. */
    double[] figures() {
        return new double[]{tokens.loss(), tokens.tokens(), tokens.correct(), pairs.loss(), pairs.pairs(), pairs.wins(),
                pairs.preferredReward(), pairs.otherReward()};
    }

    BatchSum plus(BatchSum other) {
        return new BatchSum(tokens.plus(other.tokens), pairs.plus(other.pairs));
    }

    /** The loss that is minimised: the mean over trained tokens, or over pairs. */
    public double meanLoss() {
        return pairs.pairs() > 0 ? pairs.meanLoss() : tokens.meanLoss();
    }

    /** Share of the tokens that were the likeliest prediction. */
    double accuracy() {
        return tokens.accuracy();
    }
}
