package dev.attune.engine.train;

/**
 * How well the model knew one row of the training file after an epoch: as the row came up in the next epoch, before the
 * update that it took part in, or, after the last epoch, at its end. Where the adapter is trained with dropout, the first
 * are of the model with what dropout left out in that step, and a little higher for it; the last is without.
 *
 * @param line line of the training file, the first is 1
 * @param epoch epochs done, from 1
 * @param loss nats per trained token; of a preference pair, the pair's loss
 * @param tokens trained tokens
 */
public record RowLoss(int line, int epoch, double loss, int tokens) {}
