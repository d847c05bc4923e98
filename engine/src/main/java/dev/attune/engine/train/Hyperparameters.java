package dev.attune.engine.train;

/**
 * The three settings of a supervised job, resolved to numbers.
 *
 * @param epochs passes over the training file, 1 to 50
 * @param batchSize examples per optimizer step, 1 to 256
 * @param learningRateMultiplier factor on the base model's own learning rate, above 0
 */
public record Hyperparameters(int epochs, int batchSize, double learningRateMultiplier) {}
