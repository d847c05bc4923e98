package dev.attune.evals;

/**
 * An estimate and the range that its confidence interval covers. {@code low} and {@code high} are infinite where the data
 * say nothing about a bound; nothing is ever NaN.
 *
 * @param estimate the point estimate
 * @param low lower bound, at most {@code estimate}
 * @param high upper bound, at least {@code estimate}
 */
public record Interval(double estimate, double low, double high) {
    public Interval {
        if (Double.isNaN(estimate) || Double.isNaN(low) || Double.isNaN(high)) {
            throw new IllegalArgumentException(
                    "An interval cannot hold NaN: " + estimate + " [" + low + ", " + high + "].");
        }
    }

    public boolean contains(double value) {
        return low <= value && value <= high;
    }

    /** Whether the interval says that the quantity is above zero, or below it. */
    public boolean excludesZero() {
        return low > 0 || high < 0;
    }

    double width() {
        return high - low;
    }
}
