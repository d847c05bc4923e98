package dev.attune.evals;

/**
 * How many rows a comparison needs, and what it can show with those there are. Two-sided tests; {@code alpha} is how often
 * they cry wolf, {@code power} how often they see a difference that is there. Thread-safe.
 */
public final class Power {
    private Power() {}

    private static double zs(double alpha, double power) {
        return Distributions.normalQuantile(1 - alpha) + oneSided(power);
    }

    private static double oneSided(double power) {
        return Distributions.normalQuantile(2 * power - 1);
    }

    /**
     * Rows for a paired comparison of means (Miller 2024, equation 9).
     *
     * @param difference the difference of the means that must be seen
     * @param betweenVariance ω², the variance over questions of the difference of the two models' conditional means
     * @param withinVariance σ²<sub>A</sub>/K<sub>A</sub> + σ²<sub>B</sub>/K<sub>B</sub>, what sampling K answers leaves
     */
    public static int pairedRows(double difference, double betweenVariance, double withinVariance, double alpha,
            double power) {
        double z = zs(alpha, power);
        return (int) Math.ceil(z * z * (betweenVariance + withinVariance) / (difference * difference));
    }

    /** The smallest difference of means that n rows show; the inverse of {@link #pairedRows}. */
    public static double smallestDifference(int n, double betweenVariance, double withinVariance, double alpha,
            double power) {
        return n == 0 ? Double.POSITIVE_INFINITY : zs(alpha, power) * Math.sqrt((betweenVariance + withinVariance) / n);
    }

    /**
     * Rows for McNemar's test.
     *
     * @param firstOnly the share of rows that only the first model gets right
     * @param secondOnly the share that only the second gets right, other than {@code firstOnly}
     */
    public static int mcNemarRows(double firstOnly, double secondOnly, double alpha, double power) {
        double discordant = firstOnly + secondOnly;
        double difference = firstOnly - secondOnly;
        double root = Distributions.normalQuantile(1 - alpha) * Math.sqrt(discordant)
                + oneSided(power) * Math.sqrt(discordant - difference * difference);
        return (int) Math.ceil(root * root / (difference * difference));
    }

    /** Rows in each arm to tell two independent shares apart, as in an A/B test. */
    public static int independentRows(double first, double second, double alpha, double power) {
        double pooled = (first + second) / 2;
        double root = Distributions.normalQuantile(1 - alpha) * Math.sqrt(2 * pooled * (1 - pooled))
                + oneSided(power) * Math.sqrt(first * (1 - first) + second * (1 - second));
        return (int) Math.ceil(root * root / ((first - second) * (first - second)));
    }
}
