package dev.attune.evals.decide;

import dev.attune.evals.Interval;
import dev.attune.evals.PairedComparison;
import java.util.Optional;

/**
 * The headline scorer over the rows of one metadata value.
 *
 * @param n questions with a score
 * @param comparison over the questions that both models have a score of
 * @param adjustedP its p-value after Holm over all slices; 1 without a comparison
 */
public record SliceResult(String key, String value, int n, Interval score, Optional<PairedComparison> comparison,
        double adjustedP) {
    /** Below this many questions a slice says little. */
    public static final int FEW = 30;

    public boolean isSmall() {
        return n < FEW;
    }

    /** Whether the measured model is worse here than the other, beyond chance. */
    public boolean isWorse(double alpha) {
        return adjustedP < alpha && comparison.map(c -> c.difference().estimate() < 0).orElse(false);
    }
}
