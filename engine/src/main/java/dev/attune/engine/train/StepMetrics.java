package dev.attune.engine.train;

/**
 * What was measured at one optimizer step. Losses are means over what the method learns from: nats per trained token, or
 * the loss of a preference pair. Accuracies are the share of trained tokens (of pairs: of the preferred answers') whose
 * most likely guess was right. A figure that was not measured is NaN.
 *
 * @param step optimizer steps done, from 1
 * @param validLoss loss on a small batch of the validation file
 * @param fullValidLoss loss on the whole validation file, at an epoch's end
 * @param rewards of the training batch, where it is of pairs
 * @param validRewards of the validation file, likewise: the whole one at an epoch's end, else a small batch of it
 */
public record StepMetrics(int step, double trainLoss, double trainAccuracy, double validLoss, double validAccuracy,
        double fullValidLoss, double fullValidAccuracy, Rewards rewards, Rewards validRewards) {

    /** Of training on conversations. */
    public StepMetrics(int step, double trainLoss, double trainAccuracy, double validLoss, double validAccuracy,
            double fullValidLoss, double fullValidAccuracy) {
        this(step, trainLoss, trainAccuracy, validLoss, validAccuracy, fullValidLoss, fullValidAccuracy, Rewards.NONE,
                Rewards.NONE);
    }
}
