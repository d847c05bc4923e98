package dev.attune.evals;

/**
 * Whether a model is not worse than another by more than a margin: the null hypothesis is that it is (Δ ≤ −m). A difference
 * that is merely not significant proves nothing; this does.
 *
 * @param difference tuned minus base
 * @param margin how much worse is still good enough, above 0
 * @param statistic (difference + margin) / standard error
 * @param pValue one-sided
 * @param lowerBound the one-sided lower confidence bound of the difference
 */
public record NonInferiority(double difference, double margin, double statistic, double pValue, double lowerBound) {

    /** Whether the loss is shown to be smaller than the margin. */
    public boolean holds() {
        return lowerBound > -margin;
    }

    /**
     * The test with a known or well estimated standard error.
     *
     * @param standardError of the difference, above 0
     * @param confidence one-sided, such as 0.95
     */
    public static NonInferiority normal(double difference, double standardError, double margin, double confidence) {
        check(margin, confidence);
        if (!(standardError > 0)) {
            throw new IllegalArgumentException("The standard error must be above 0, not " + standardError + ".");
        }
        double z = (difference + margin) / standardError;
        double bound = difference - Distributions.normalQuantile(2 * confidence - 1) * standardError;
        return new NonInferiority(difference, margin, z, Distributions.normalAbove(z), bound);
    }

    /**
     * The test over paired differences, with Student's t; where all differences are equal, the bound of so many equal rows
     * stands in for the spread that is not seen.
     *
     * @param differences tuned minus base for each row, in [−1, 1]; at least two
     */
    public static NonInferiority paired(double[] differences, double margin, double confidence) {
        check(margin, confidence);
        if (differences.length < 2) {
            throw new IllegalArgumentException(
                    "Non-inferiority needs at least two rows, not " + differences.length + ".");
        }
        double mean = Means.mean(differences);
        double error = Means.standardError(differences).orElseThrow();
        double bound = Means.student(differences, 2 * confidence - 1, -1, 1).low();
        if (error <= Math.ulp(Math.abs(mean)) * 4) {
            return new NonInferiority(mean, margin, bound > -margin ? Double.POSITIVE_INFINITY : 0,
                    bound > -margin ? 1 - confidence : 1, bound);
        }
        double t = (mean + margin) / error;
        double twoSided = Distributions.studentTwoSided(t, differences.length - 1.0);
        return new NonInferiority(mean, margin, t, t > 0 ? twoSided / 2 : 1 - twoSided / 2, bound);
    }

    private static void check(double margin, double confidence) {
        if (!(margin > 0)) {
            throw new IllegalArgumentException("The margin must be above 0, not " + margin + ".");
        }
        if (!(confidence > 0.5 && confidence < 1)) {
            throw new IllegalArgumentException("The confidence must be between 0.5 and 1, not " + confidence + ".");
        }
    }
}
