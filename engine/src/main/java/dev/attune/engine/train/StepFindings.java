package dev.attune.engine.train;

import java.util.List;

/**
 * What an optimizer step found of its batch, before it changed anything.
 *
 * @param sum of the whole batch
 * @param rows of the examples that are of the training file and not replayed
 * @param tokens of all examples, those not trained included
 */
public record StepFindings(BatchSum sum, List<MeasuredExample> rows, int tokens) {}
