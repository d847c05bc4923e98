package dev.attune.evals;

/** How far one distribution over the same categories has moved from another. Thread-safe. */
public final class Drift {
    /** Below this a population stability index says that nothing moved. */
    public static final double PSI_STABLE = 0.1;
    /** Above this it says that much moved. */
    public static final double PSI_MOVED = 0.25;
    /** Stands in for an empty category, whose logarithm there is none. */
    private static final double LEAST = 1e-4;

    private Drift() {}

    /** The population stability index Σ(q − p)·ln(q/p); an empty category counts as one in ten thousand. */
    public static double stabilityIndex(double[] before, double[] now) {
        double[] p = shares(before, now);
        double[] q = shares(now, before);
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            double a = Math.max(LEAST, p[i]);
            double b = Math.max(LEAST, q[i]);
            sum += (b - a) * Math.log(b / a);
        }
        return sum;
    }

    /** The Jensen–Shannon distance, the square root of the divergence in bits: 0 the same, 1 nothing in common. */
    public static double jensenShannon(double[] before, double[] now) {
        double[] p = shares(before, now);
        double[] q = shares(now, before);
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            double middle = (p[i] + q[i]) / 2;
            sum += part(p[i], middle) + part(q[i], middle);
        }
        return Math.sqrt(Math.max(0, sum / 2));
    }

    private static double part(double p, double middle) {
        return p == 0 ? 0 : p * Math.log(p / middle) / Math.log(2);
    }

    private static double[] shares(double[] counts, double[] other) {
        if (counts.length != other.length || counts.length == 0) {
            throw new IllegalArgumentException(counts.length + " categories and " + other.length
                    + "; drift is measured over the same categories.");
        }
        double sum = 0;
        for (double count : counts) {
            if (!(count >= 0)) {
                throw new IllegalArgumentException("A category cannot hold " + count + ".");
            }
            sum += count;
        }
        if (!(sum > 0)) {
            throw new IllegalArgumentException("Drift needs at least one row on both sides.");
        }
        double[] shares = new double[counts.length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = counts[i] / sum;
        }
        return shares;
    }
}
