package dev.attune.engine.train;

/**
 * How well a model tells better answers from worse ones, as means over preference pairs; a figure that was not measured
 * is NaN.
 *
 * @param accuracy share of the pairs whose preferred answer has the higher reward, 0 to 1
 * @param margin reward of the preferred answer less that of the other
 * @param preferred β times what the log-probability of the preferred answer has gained on the reference's
 * @param other likewise of the other answer
 */
public record Rewards(double accuracy, double margin, double preferred, double other) {
    /** Nothing was measured. */
    public static final Rewards NONE = new Rewards(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    /** Whether there is something. */
    public boolean isMeasured() {
        return !Double.isNaN(accuracy);
    }
}
