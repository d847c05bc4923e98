package dev.attune.dataset;

import java.util.List;

/**
 * What is lost where rows are cut at their end before training. Immutable.
 *
 * @param limit tokens that are left of a row; 0 where no limit is known
 * @param rows rows with more
 * @param tokens tokens that are cut off
 * @param trainedTokens how many of them would have been trained
 * @param emptied lines of rows that have nothing left to train
 */
public record Truncation(int limit, int rows, long tokens, long trainedTokens, List<Integer> emptied) {
    /** Nothing is cut. */
    public static final Truncation NONE = new Truncation(0, 0, 0, 0, List.of());

    public Truncation {
        emptied = List.copyOf(emptied);
    }
}
