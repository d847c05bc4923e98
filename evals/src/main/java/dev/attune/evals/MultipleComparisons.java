package dev.attune.evals;

import java.util.Arrays;
import java.util.Comparator;

/** p-values of several questions asked of the same data, adjusted for their number. Thread-safe. */
public final class MultipleComparisons {
    private MultipleComparisons() {}

    /**
     * Holm's step-down adjustment (1979): the chance of even one false finding stays below α where adjusted p-values are
     * compared with it, however the tests depend on each other.
     *
     * @return the adjusted p-values in the order given
     */
    public static double[] holm(double... p) {
        Integer[] order = ascending(p);
        double[] adjusted = new double[p.length];
        double highest = 0;
        for (int rank = 0; rank < p.length; rank++) {
            highest = Math.max(highest, Math.min(1, (p.length - rank) * p[order[rank]]));
            adjusted[order[rank]] = highest;
        }
        return adjusted;
    }

    /**
     * The step-up adjustment of Benjamini and Hochberg (1995): of the findings below α, at most the share α is false on
     * average, where the tests do not depend on each other or all lean the same way.
     *
     * @return the adjusted p-values in the order given
     */
    public static double[] benjaminiHochberg(double... p) {
        Integer[] order = ascending(p);
        double[] adjusted = new double[p.length];
        double lowest = 1;
        for (int rank = p.length - 1; rank >= 0; rank--) {
            lowest = Math.min(lowest, p[order[rank]] * p.length / (rank + 1));
            adjusted[order[rank]] = lowest;
        }
        return adjusted;
    }

    private static Integer[] ascending(double[] p) {
        Integer[] order = new Integer[p.length];
        for (int i = 0; i < p.length; i++) {
            if (!(p[i] >= 0 && p[i] <= 1)) {
                throw new IllegalArgumentException("p-value " + (i + 1) + " is " + p[i] + ", which is not in [0, 1].");
            }
            order[i] = i;
        }
        Arrays.sort(order, Comparator.comparingDouble(i -> p[i]));
        return order;
    }
}
