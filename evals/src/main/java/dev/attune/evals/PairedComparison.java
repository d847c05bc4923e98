package dev.attune.evals;

import java.util.Arrays;

/**
 * Two models' scores over the same rows, compared row by row. Every number has its interval, at a confidence of 95 %.
 *
 * <p>Where every score is 0 or 1: Wilson's interval for each model, Tango's score interval for the difference, McNemar's
 * exact p. Else: Student's intervals, cut to what scores can be, and the sign-flip permutation p. Without rows, or with one,
 * the intervals say that everything is possible, and p is 1.
 *
 * @param scorer the name of the scorer
 * @param base the base model's mean score, in [0, 1]
 * @param tuned the tuned model's mean score, in [0, 1]
 * @param difference tuned minus base, in [−1, 1]
 * @param pValue two-sided: how often chance alone shows such a difference between equal models
 * @param n rows compared
 * @param test the name of the test that gave the p-value
 * @param wins rows on which the tuned model scores higher
 * @param losses rows on which the base model scores higher
 */
public record PairedComparison(String scorer, Interval base, Interval tuned, Interval difference, double pValue, int n,
        String test, int wins, int losses) {

    /** The confidence of all intervals, unless another is asked for. */
    public static final double CONFIDENCE = 0.95;

    /**
     * Compares.
     *
     * @param base the base model's score of each row, in [0, 1]
     * @param tuned the tuned model's score of the same rows in the same order
     * @param seed of the permutation test, where it cannot try all patterns
     * @throws IllegalArgumentException where the two differ in length or a score is no number in [0, 1]
     */
    public static PairedComparison of(String scorer, double[] base, double[] tuned, long seed) {
        return of(scorer, base, tuned, CONFIDENCE, seed);
    }

    /** Compares with intervals of another confidence. */
    public static PairedComparison of(String scorer, double[] base, double[] tuned, double confidence, long seed) {
        if (base.length != tuned.length) {
            throw new IllegalArgumentException("The base model has " + base.length + " scores and the tuned model "
                    + tuned.length + "; a paired comparison needs the same rows.");
        }
        boolean binary = true;
        int wins = 0;
        int losses = 0;
        for (int i = 0; i < base.length; i++) {
            binary &= isBinary(base[i], i) & isBinary(tuned[i], i);
            wins += tuned[i] > base[i] ? 1 : 0;
            losses += tuned[i] < base[i] ? 1 : 0;
        }
        return binary
                ? binary(scorer, base, tuned, wins, losses, confidence)
                : graded(scorer, base, tuned, wins, losses, confidence, seed);
    }

    /**
     * Compares where rows come in clusters, such as several questions about one document: intervals are Student's with CR1
     * errors on C − 1 degrees of freedom, and the permutation test flips whole clusters. With one cluster nothing is known.
     *
     * @param cluster the cluster of each row, by any name
     */
    public static PairedComparison clustered(String scorer, double[] base, double[] tuned, String[] cluster,
            double confidence, long seed) {
        PairedComparison plain = of(scorer, base, tuned, confidence, seed);
        double[] differences = differences(base, tuned);
        long clusters = Arrays.stream(cluster).distinct().count();
        return new PairedComparison(scorer, Means.clustered(base, cluster, confidence, 0, 1),
                Means.clustered(tuned, cluster, confidence, 0, 1),
                Means.clustered(differences, cluster, confidence, -1, 1),
                clusters < 2 ? 1 : Means.clusteredSignFlip(differences, cluster, seed), plain.n(),
                "sign-flip permutation of " + clusters + " clusters, seed " + seed, plain.wins(), plain.losses());
    }

    /** Tuned minus base for each row. */
    public static double[] differences(double[] base, double[] tuned) {
        double[] differences = new double[base.length];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = tuned[i] - base[i];
        }
        return differences;
    }

    private static boolean isBinary(double score, int index) {
        if (!(score >= 0 && score <= 1)) {
            throw new IllegalArgumentException("Score " + (index + 1) + " is " + score + ", which is not in [0, 1].");
        }
        return score == 0 || score == 1;
    }

    private static PairedComparison binary(String scorer, double[] base, double[] tuned, int wins, int losses,
            double confidence) {
        int n = base.length;
        return new PairedComparison(scorer, Proportions.wilson(ones(base), n, confidence),
                Proportions.wilson(ones(tuned), n, confidence),
                Proportions.pairedDifference(wins, losses, n, confidence),
                Proportions.mcNemar(wins, losses), n, "exact McNemar", wins, losses);
    }

    private static PairedComparison graded(String scorer, double[] base, double[] tuned, int wins, int losses,
            double confidence, long seed) {
        double[] differences = differences(base, tuned);
        String test = wins + losses <= Means.EXACT_SIGNS
                ? "exact sign-flip permutation"
                : "sign-flip permutation, 10,000 draws, seed " + seed;
        return new PairedComparison(scorer, Means.student(base, confidence, 0, 1),
                Means.student(tuned, confidence, 0, 1),
                Means.student(differences, confidence, -1, 1), Means.signFlip(differences, seed), base.length, test,
                wins, losses);
    }

    private static int ones(double[] scores) {
        int ones = 0;
        for (double score : scores) {
            ones += score == 1 ? 1 : 0;
        }
        return ones;
    }
}
