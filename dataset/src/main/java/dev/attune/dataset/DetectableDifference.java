package dev.attune.dataset;

import java.util.Locale;

/**
 * The smallest difference between two models that a test set can show, where each answer is right or wrong and both models
 * answer the same rows.
 *
 * <p>(z<sub>0.975</sub> + z<sub>0.8</sub>) · √(d / n): two-sided at 5 %, seen four times out of five, d the share of rows
 * that only one of the two models gets right (McNemar's discordance). With 40 rows and d = 0.2 it is 0.198.
 *
 * @param rows n, the rows of the test
 * @param discordance d, in (0, 1]
 * @param difference between the shares of right answers, at most 1
 */
public record DetectableDifference(int rows, double discordance, double difference) {
    /** What is expected where nothing is known: the two models part ways on a fifth of the rows. */
    public static final double USUAL_DISCORDANCE = 0.2;

    private static final double Z = 1.959963984540054 + 0.8416212335729143;

    /** What this many rows show at the usual discordance. */
    public static DetectableDifference of(int rows) {
        return of(rows, USUAL_DISCORDANCE);
    }

    public static DetectableDifference of(int rows, double discordance) {
        if (!(discordance > 0 && discordance <= 1)) {
            throw new DatasetException("The discordance must be above 0 and at most 1, not " + discordance + ".");
        }
        return new DetectableDifference(rows, discordance,
                rows <= 0 ? 1 : Math.min(1, Z * Math.sqrt(discordance / rows)));
    }

    /** Whether the difference could be there at all: it cannot be larger than the discordance. */
    public boolean isPossible() {
        return difference <= discordance;
    }

    /** One sentence for a report. */
    public String sentence() {
        if (rows <= 0) {
            return "Without test rows no difference can be shown.";
        }
        return String.format(Locale.ROOT,
                "With %,d test rows, a difference of %.1f percentage points or more can be shown", rows,
                100 * difference)
                + String.format(Locale.ROOT, " where two models part ways on %.0f %% of them%s.", 100 * discordance,
                        isPossible() ? "" : ", so none; more test rows are needed");
    }
}
