package dev.attune.engine.model;

/**
 * What a pass over a batch found, as sums, so that batches add up.
 *
 * @param loss sum of the cross-entropy over trained tokens, in nats
 * @param tokens trained tokens
 * @param correct trained tokens that were the likeliest prediction
 */
public record LossSum(double loss, long tokens, long correct) {
    public static final LossSum ZERO = new LossSum(0, 0, 0);

    public LossSum plus(LossSum other) {
        return new LossSum(loss + other.loss, tokens + other.tokens, correct + other.correct);
    }

    /** Mean cross-entropy of a trained token, in nats. */
    public double meanLoss() {
        return tokens == 0 ? 0 : loss / tokens;
    }

    /** Share of trained tokens predicted right, 0 to 1. */
    public double accuracy() {
        return tokens == 0 ? 0 : (double) correct / tokens;
    }
}
