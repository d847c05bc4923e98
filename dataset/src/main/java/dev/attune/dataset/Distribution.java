package dev.attune.dataset;

import java.util.Arrays;

/**
 * How a number is spread over rows. Quantiles interpolate between neighbours, as NumPy's do; all is 0 without rows.
 *
 * @param count how many rows
 * @param total the sum over the rows
 */
public record Distribution(int count, long total, long min, double p5, double p10, double median, double mean,
        double p90,
        double p95, long max) {

    /** The distribution of some values. */
    public static Distribution of(long... values) {
        if (values.length == 0) {
            return new Distribution(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        }
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        long total = Arrays.stream(sorted).sum();
        return new Distribution(sorted.length, total, sorted[0], quantile(sorted, 0.05), quantile(sorted, 0.1),
                quantile(sorted, 0.5), (double) total / sorted.length, quantile(sorted, 0.9), quantile(sorted, 0.95),
                sorted[sorted.length - 1]);
    }

    private static double quantile(long[] sorted, double p) {
        double at = p * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
