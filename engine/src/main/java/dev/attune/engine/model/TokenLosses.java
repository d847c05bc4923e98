package dev.attune.engine.model;

import java.util.Arrays;

/**
 * What a pass found at each place of a batch that has a target. Arrays have the batch's layout; elsewhere they hold 0 and
 * false.
 *
 * @param losses cross-entropy in nats: minus the log-probability of the target
 * @param correct whether the target was the likeliest token
 */
public record TokenLosses(PackedBatch batch, double[] losses, boolean[] correct) {

    /** All targets together. */
    LossSum sum() {
        double loss = 0;
        long tokens = 0;
        long right = 0;
        for (int i = 0; i < losses.length; i++) {
            if (batch.targets()[i] >= 0) {
                loss += losses[i];
                tokens++;
                right += correct[i] ? 1 : 0;
            }
        }
        return new LossSum(loss, tokens, right);
    }

    /** Each example's own targets, in the order in which they were packed. */
    public LossSum[] byExample(int examples) {
        var sums = new LossSum[examples];
        Arrays.fill(sums, LossSum.ZERO);
        for (int i = 0; i < losses.length; i++) {
            if (batch.targets()[i] >= 0) {
                int example = batch.sources()[i];
                sums[example] = sums[example].plus(new LossSum(losses[i], 1, correct[i] ? 1 : 0));
            }
        }
        return sums;
    }
}
