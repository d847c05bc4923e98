package dev.attune.evals;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Means of scores, their standard errors, intervals and tests. The formulas are those of Miller, "Adding Error Bars to
 * Evals" (2024, arXiv 2411.00640), with Student's t in place of the normal. Thread-safe.
 */
public final class Means {
    /** Up to this many differences other than zero, every pattern of signs is tried. */
    static final int EXACT_SIGNS = 20;

    private static final int RANDOM_SIGNS = 10_000;

    private Means() {}

    /** The mean; 0 without data. */
    public static double mean(double... scores) {
        double sum = 0;
        for (double score : scores) {
            sum += score;
        }
        return scores.length == 0 ? 0 : sum / scores.length;
    }

    /** √(Σ(sᵢ − s̄)² / (n(n − 1))), the standard error of the mean by the central limit theorem; undefined below two scores. */
    public static OptionalDouble standardError(double... scores) {
        int n = scores.length;
        if (n < 2) {
            return OptionalDouble.empty();
        }
        double mean = mean(scores);
        double squares = 0;
        for (double score : scores) {
            squares += (score - mean) * (score - mean);
        }
        return OptionalDouble.of(Math.sqrt(squares / n / (n - 1)));
    }

    /**
     * Student's interval for the mean. Below two scores, or where all are equal, the spread is not known and the interval is
     * the whole of [{@code least}, {@code most}] or the rule of three's share of it.
     *
     * @param least the lowest score there can be, −∞ where there is none
     * @param most the highest score there can be, +∞ where there is none
     */
    public static Interval student(double[] scores, double confidence, double least, double most) {
        double mean = scores.length == 0 ? middle(least, most) : mean(scores);
        OptionalDouble error = standardError(scores);
        if (error.isEmpty()) {
            return new Interval(mean, least, most);
        }
        if (error.getAsDouble() <= Math.ulp(Math.abs(mean)) * 4) {
            return equalScores(mean, scores.length, confidence, least, most);
        }
        double half = Distributions.studentQuantile(confidence, scores.length - 1.0) * error.getAsDouble();
        return new Interval(mean, Math.max(least, mean - half), Math.min(most, mean + half));
    }

    /**
     * n equal scores bound the share of other scores: with confidence γ at most 1 − ((1 − γ)/2)^(1/n) of all rows differ
     * (Clopper and Pearson at zero), and each of those differs at most by the width of the scale.
     */
    private static Interval equalScores(double mean, int n, double confidence, double least, double most) {
        double share = -Math.expm1(Math.log((1 - confidence) / 2) / n);
        double low = Double.isInfinite(least) ? least : mean - share * (mean - least);
        double high = Double.isInfinite(most) ? most : mean + share * (most - mean);
        return new Interval(mean, low, high);
    }

    private static double middle(double least, double most) {
        return Double.isInfinite(least) || Double.isInfinite(most) ? 0 : (least + most) / 2;
    }

    /**
     * The standard error of the mean where scores come in clusters (several questions about one document): CR1, the square
     * root of C/(C − 1)·(1/n²)·Σ_c(Σ_{i∈c}(sᵢ − s̄))². Undefined with fewer than two clusters.
     *
     * @param cluster the cluster of each score, by any name; as long as {@code scores}
     */
    public static OptionalDouble clusteredStandardError(double[] scores, String[] cluster) {
        Map<String, Double> sums = clusterSums(scores, cluster);
        if (sums.size() < 2) {
            return OptionalDouble.empty();
        }
        double squares = sums.values().stream().mapToDouble(sum -> sum * sum).sum();
        double c = sums.size();
        return OptionalDouble.of(Math.sqrt(squares * c / (c - 1)) / scores.length);
    }

    /** Student's interval with CR1's standard error and C − 1 degrees of freedom; everything with fewer than two clusters. */
    public static Interval clustered(double[] scores, String[] cluster, double confidence, double least, double most) {
        double mean = scores.length == 0 ? middle(least, most) : mean(scores);
        OptionalDouble error = clusteredStandardError(scores, cluster);
        if (error.isEmpty()) {
            return new Interval(mean, least, most);
        }
        int clusters = clusterSums(scores, cluster).size();
        double half = Distributions.studentQuantile(confidence, clusters - 1.0) * error.getAsDouble();
        return half == 0
                ? equalScores(mean, clusters, confidence, least, most)
                : new Interval(mean, Math.max(least, mean - half), Math.min(most, mean + half));
    }

    /**
     * The sign-flip permutation test where scores come in clusters: the signs of whole clusters are flipped.
     *
     * @param cluster the cluster of each difference, by any name
     */
    public static double clusteredSignFlip(double[] differences, String[] cluster, long seed) {
        clusterSums(differences, cluster);
        var sums = new LinkedHashMap<String, Double>();
        for (int i = 0; i < differences.length; i++) {
            sums.merge(cluster[i], differences[i], Double::sum);
        }
        return signFlip(sums.values().stream().mapToDouble(Double::doubleValue).toArray(), seed);
    }

    private static Map<String, Double> clusterSums(double[] scores, String[] cluster) {
        if (scores.length != cluster.length) {
            throw new IllegalArgumentException(scores.length + " scores, but " + cluster.length + " clusters.");
        }
        double mean = mean(scores);
        var sums = new HashMap<String, Double>();
        for (int i = 0; i < scores.length; i++) {
            sums.merge(cluster[i], scores[i] - mean, Double::sum);
        }
        return sums;
    }

    /** The two-sided p-value of Student's test that the mean of the differences is zero; 1 below two, or where all are 0. */
    public static double studentTest(double... differences) {
        OptionalDouble error = standardError(differences);
        double mean = mean(differences);
        if (error.isEmpty() || mean == 0) {
            return 1;
        }
        double t = error.getAsDouble() == 0 ? Double.POSITIVE_INFINITY : mean / error.getAsDouble();
        return Distributions.studentTwoSided(t, differences.length - 1.0);
    }

    /**
     * The sign-flip permutation test: the share of patterns of signs that give a sum as far from zero as the one seen. Exact
     * up to 20 differences other than zero; beyond, 10,000 random patterns and (k + 1)/(N + 1), which never says zero.
     *
     * @param seed of the random patterns; the same seed gives the same p
     */
    public static double signFlip(double[] differences, long seed) {
        double[] d = Arrays.stream(differences).filter(value -> value != 0).toArray();
        double seen = Math.abs(sum(d));
        double least = seen * (1 - 1e-12) - 1e-300;
        if (d.length == 0) {
            return 1;
        }
        return d.length <= EXACT_SIGNS ? allSigns(d, least) : randomSigns(d, least, new SplittableRandom(seed));
    }

    private static double allSigns(double[] d, double least) {
        long patterns = 1L << d.length;
        long asFar = 0;
        for (long pattern = 0; pattern < patterns; pattern++) {
            double sum = 0;
            for (int i = 0; i < d.length; i++) {
                sum += (pattern >> i & 1) == 0 ? d[i] : -d[i];
            }
            asFar += Math.abs(sum) >= least ? 1 : 0;
        }
        return (double) asFar / patterns;
    }

    private static double randomSigns(double[] d, double least, SplittableRandom random) {
        // A random bit becomes the sign itself: a branch here is guessed wrong every second time.
        long[] raw = Arrays.stream(d).mapToLong(Double::doubleToRawLongBits).toArray();
        int asFar = 0;
        for (int pattern = 0; pattern < RANDOM_SIGNS; pattern++) {
            double sum = 0;
            long bits = 0;
            for (int i = 0; i < raw.length; i++) {
                bits = (i & 63) == 0 ? random.nextLong() : bits >>> 1;
                sum += Double.longBitsToDouble(raw[i] ^ bits << 63);
            }
            asFar += Math.abs(sum) >= least ? 1 : 0;
        }
        return (asFar + 1.0) / (RANDOM_SIGNS + 1.0);
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    /**
     * The percentile bootstrap interval of a mean; over paired differences it is the paired bootstrap, as both systems' scores
     * of a row are drawn together.
     *
     * @param resamples at least 2,000 for a 95 % interval
     */
    public static Interval bootstrap(double[] scores, double confidence, int resamples, long seed, double least,
            double most) {
        if (scores.length < 2) {
            return new Interval(scores.length == 0 ? middle(least, most) : scores[0], least, most);
        }
        double[] means = new double[resamples];
        long[] seeds = new SplittableRandom(seed).longs(resamples).toArray();
        IntStream.range(0, resamples).parallel()
                .forEach(r -> means[r] = resampled(scores, new SplittableRandom(seeds[r])));
        return percentiles(mean(scores), means, confidence);
    }

    private static double resampled(double[] scores, SplittableRandom random) {
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            sum += scores[random.nextInt(scores.length)];
        }
        return sum / scores.length;
    }

    /**
     * The percentile bootstrap where scores come in clusters: whole clusters are drawn. Everything is possible with fewer
     * than two of them.
     *
     * @param cluster the cluster of each score, by any name; as long as {@code scores}
     */
    public static Interval clusteredBootstrap(double[] scores, String[] cluster, double confidence, int resamples,
            long seed, double least, double most) {
        var sums = new LinkedHashMap<String, double[]>();
        clusterSums(scores, cluster);
        for (int i = 0; i < scores.length; i++) {
            double[] sum = sums.computeIfAbsent(cluster[i], name -> new double[2]);
            sum[0] += scores[i];
            sum[1]++;
        }
        double mean = scores.length == 0 ? middle(least, most) : mean(scores);
        if (sums.size() < 2) {
            return new Interval(mean, least, most);
        }
        double[][] clusters = sums.values().toArray(double[][]::new);
        var random = new SplittableRandom(seed);
        double[] means = new double[resamples];
        for (int r = 0; r < resamples; r++) {
            double sum = 0;
            double n = 0;
            for (int i = 0; i < clusters.length; i++) {
                double[] drawn = clusters[random.nextInt(clusters.length)];
                sum += drawn[0];
                n += drawn[1];
            }
            means[r] = sum / n;
        }
        return percentiles(mean, means, confidence);
    }

    private static Interval percentiles(double mean, double[] means, double confidence) {
        Arrays.sort(means);
        double tail = (1 - confidence) / 2;
        return new Interval(mean, Math.min(mean, quantile(means, tail)), Math.max(mean, quantile(means, 1 - tail)));
    }

    private static double quantile(double[] sorted, double p) {
        double at = p * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(sorted.length - 1, below + 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
