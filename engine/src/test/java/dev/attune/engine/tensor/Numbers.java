package dev.attune.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;

/** Comparing many numbers at once. */
public final class Numbers {
    private Numbers() {}

    /** The largest difference, as a share of the largest expected number. */
    public static double relativeError(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double largest = 1e-12;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs((double) actual[i] - expected[i]));
            if (Float.isNaN(actual[i])) {
                return Double.POSITIVE_INFINITY;
            }
        }
        return difference / largest;
    }

    public static void assertClose(String what, float[] actual, float[] expected, double tolerance) {
        assertThat(relativeError(actual, expected)).as(what).isLessThanOrEqualTo(tolerance);
    }
}
