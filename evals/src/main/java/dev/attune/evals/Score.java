package dev.attune.evals;

/**
 * What a scorer says about one answer.
 *
 * @param value 0 wrong, 1 right, between them partly right
 * @param reason why, in a few words; empty where the value says it all
 */
public record Score(double value, String reason) {
    public Score {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("A score must be in [0, 1], not " + value + ".");
        }
    }
}
