package dev.attune.engine.train;

/**
 * What the model said of an example of the training file: of a row, or of a piece of one that was split.
 *
 * @param example its number among the file's examples, from 0
 * @param line its row's line
 */
record MeasuredExample(int example, int line, BatchSum sum) {}
