package dev.attune.engine;

/**
 * What was measured at one optimizer step. Losses are nats per trained token, accuracies the share of trained tokens
 * whose most likely guess was right; a figure that was not measured is NaN.
 *
 * @param step optimizer steps done, from 1
 * @param validLoss loss on a small batch of the validation file
 * @param fullValidLoss loss on the whole validation file, at an epoch's end
 */
public record StepMetrics(int step, double trainLoss, double trainAccuracy, double validLoss, double validAccuracy,
        double fullValidLoss, double fullValidAccuracy) {}
