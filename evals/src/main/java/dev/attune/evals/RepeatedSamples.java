package dev.attune.evals;

/** What several answers to one question say: how often one of k, and how often all of k, would be right. Thread-safe. */
public final class RepeatedSamples {
    private RepeatedSamples() {}

    /**
     * pass@k: the unbiased estimate that at least one of k answers is right, 1 − C(n − c, k)/C(n, k) (Chen et al. 2021).
     *
     * @param n answers sampled
     * @param c those of them that are right
     * @param k in [1, n]
     */
    public static double passAt(int n, int c, int k) {
        check(n, c, k);
        return 1 - noneOf(n, n - c, k);
    }

    /** pass^k: the unbiased estimate that all of k answers are right, C(c, k)/C(n, k). */
    public static double passAll(int n, int c, int k) {
        check(n, c, k);
        return noneOf(n, c, k);
    }

    /** C(m, k)/C(n, k). */
    private static double noneOf(int n, int m, int k) {
        double ratio = 1;
        for (int i = 0; i < k; i++) {
            ratio *= (double) Math.max(0, m - i) / (n - i);
        }
        return ratio;
    }

    private static void check(int n, int c, int k) {
        if (c < 0 || c > n || k < 1 || k > n) {
            throw new IllegalArgumentException("Of " + n + " answers, " + c + " right, " + k + " cannot be drawn.");
        }
    }
}
