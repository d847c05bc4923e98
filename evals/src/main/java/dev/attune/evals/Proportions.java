package dev.attune.evals;

/**
 * Intervals for shares: of right answers, and for the difference of two shares over the same rows. All are defined at 0,
 * at n and without data (then everything is possible). Thread-safe.
 */
public final class Proportions {
    private Proportions() {}

    /**
     * Wilson's score interval for a share (Wilson 1927).
     *
     * @param confidence such as 0.95
     */
    public static Interval wilson(int successes, int n, double confidence) {
        check(successes, n);
        if (n == 0) {
            return new Interval(0.5, 0, 1);
        }
        double p = (double) successes / n;
        double z = Distributions.normalQuantile(confidence);
        double z2 = z * z / n;
        double centre = (p + z2 / 2) / (1 + z2);
        double half = Math.sqrt(z2) / (1 + z2) * Math.sqrt(p * (1 - p) + z2 / 4);
        return new Interval(p, successes == 0 ? 0 : centre - half, successes == n ? 1 : centre + half);
    }

    /** The exact interval of Clopper and Pearson (1934): it covers at least as often as it says. */
    public static Interval clopperPearson(int successes, int n, double confidence) {
        check(successes, n);
        if (n == 0) {
            return new Interval(0.5, 0, 1);
        }
        double tail = (1 - confidence) / 2;
        return new Interval((double) successes / n,
                successes == 0 ? 0 : Distributions.betaQuantile(tail, successes, n - successes + 1.0),
                successes == n ? 1 : Distributions.betaQuantile(1 - tail, successes + 1.0, n - successes));
    }

    /**
     * Tango's score interval (1998) for the difference of two shares over the same n rows, (b − c)/n. It keeps its coverage
     * where a normal interval fails: few rows, no disagreement, everything right.
     *
     * <p>The bounds are the Δ at which the score statistic (b − c − nΔ) / √(n(2q + Δ(1 − Δ))) is ∓z, where q is the likeliest
     * share of rows that only the second has right, given Δ: the greater root of
     * 2n·q² + ((2n − b + c)Δ − b − c)·q − cΔ(1 − Δ) = 0.
     *
     * @param b rows that only the first has right
     * @param c rows that only the second has right
     */
    public static Interval pairedDifference(int b, int c, int n, double confidence) {
        if (b < 0 || c < 0 || b + c > n) {
            throw new IllegalArgumentException(b + " and " + c + " discordant rows do not fit into " + n + " rows.");
        }
        if (n == 0) {
            return new Interval(0, -1, 1);
        }
        double z = Distributions.normalQuantile(confidence);
        double estimate = (double) (b - c) / n;
        return new Interval(estimate, bound(b, c, n, z, -1, estimate), bound(b, c, n, -z, estimate, 1));
    }

    /** The score falls as Δ grows; the Δ in [low, high] where it is {@code target}. */
    private static double bound(int b, int c, int n, double target, double low, double high) {
        double from = low;
        double to = high;
        for (int i = 0; i < 200; i++) {
            double middle = (from + to) / 2;
            if (middle == from || middle == to) {
                break;
            }
            if (score(b, c, n, middle) > target) {
                from = middle;
            } else {
                to = middle;
            }
        }
        return (from + to) / 2;
    }

    private static double score(int b, int c, int n, double delta) {
        double numerator = b - c - n * delta;
        double square = 2.0 * n;
        double linear = -b - c + (2.0 * n - b + c) * delta;
        double constant = -c * delta * (1 - delta);
        double q = (Math.sqrt(Math.max(0, linear * linear - 4 * square * constant)) - linear) / (2 * square);
        double variance = n * (2 * q + delta * (1 - delta));
        if (variance <= 0) {
            return numerator == 0 ? 0 : numerator > 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        }
        return numerator / Math.sqrt(variance);
    }

    /**
     * McNemar's exact test: the two-sided p-value that b and c differ by chance alone; 1 where nothing differs.
     *
     * @param b rows that only the first has right
     * @param c rows that only the second has right
     */
    public static double mcNemar(int b, int c) {
        if (b < 0 || c < 0) {
            throw new IllegalArgumentException("Counts cannot be negative: " + b + ", " + c + ".");
        }
        return b == c ? 1 : Math.min(1, 2 * Distributions.binomialAtMost(Math.min(b, c), b + c, 0.5));
    }

    /**
     * McNemar's test with the mid-p value: less cautious than the exact one, and seldom wrong too often (Fagerland, Lydersen
     * and Laake 2013).
     */
    public static double mcNemarMidP(int b, int c) {
        int n = b + c;
        if (n == 0 || b == c) {
            return 1;
        }
        int less = Math.min(b, c);
        double point = Math.exp(Distributions.logChoose(n, less) - n * Math.log(2));
        return mcNemar(b, c) - point;
    }

    /** McNemar's χ² with the continuity correction, (|b − c| − 1)²/(b + c), for comparison with other tools; 0 without data. */
    public static double mcNemarChiSquare(int b, int c) {
        double less = Math.max(0, Math.abs(b - c) - 1);
        return b + c == 0 ? 0 : less * less / (b + c);
    }

    /** The p-value of a χ² with one degree of freedom. */
    public static double chiSquareP(double chiSquare) {
        return Distributions.normalTwoSided(Math.sqrt(chiSquare));
    }

    /** The pooled z of two independent shares, second minus first; 0 where both are all or nothing. */
    public static double pooledZ(int first, int firstN, int second, int secondN) {
        check(first, firstN);
        check(second, secondN);
        double pooled = (double) (first + second) / (firstN + secondN);
        double error = Math.sqrt(pooled * (1 - pooled) * (1.0 / firstN + 1.0 / secondN));
        return error > 0 ? ((double) second / secondN - (double) first / firstN) / error : 0;
    }

    /** Fisher's exact one-sided p: how often the second share is at least as high by chance, all margins given. */
    public static double fisherGreater(int first, int firstN, int second, int secondN) {
        check(first, firstN);
        check(second, secondN);
        int hits = first + second;
        double all = Distributions.logChoose(firstN + secondN, hits);
        double p = 0;
        for (int k = second; k <= Math.min(hits, secondN); k++) {
            if (hits - k <= firstN) {
                p += Math.exp(Distributions.logChoose(secondN, k) + Distributions.logChoose(firstN, hits - k) - all);
            }
        }
        return Math.min(1, p);
    }

    private static void check(int successes, int n) {
        if (successes < 0 || successes > n) {
            throw new IllegalArgumentException(successes + " successes do not fit into " + n + " trials.");
        }
    }
}
