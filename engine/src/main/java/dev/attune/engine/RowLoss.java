package dev.attune.engine;

/**
 * How well the model knew one row of the training file at an epoch's end.
 *
 * @param line line of the training file, the first is 1
 * @param epoch epochs done, from 1
 * @param loss nats per trained token; of a preference pair, the pair's loss
 * @param tokens trained tokens
 */
public record RowLoss(int line, int epoch, double loss, int tokens) {}
