package dev.attune.evals;

import java.util.Arrays;
import java.util.TreeSet;

/**
 * How far two or more raters agree beyond chance. A table counts rows by label: {@code table[i][j]} rows were given label i
 * by the first rater and j by the second. Where nearly all rows bear one label, Cohen's κ is low though the raters agree, and
 * Gwet's AC1 is not: show both. Thread-safe.
 */
public final class Agreement {
    /** How far apart two ratings are. */
    public enum Scale {
        /** Labels: the same, or not. */
        NOMINAL,
        /** Numbers: the square of their difference. */
        INTERVAL
    }

    private Agreement() {}

    /** The share of rows on which both say the same. */
    public static double observed(int[][] table) {
        double same = 0;
        for (int i = 0; i < table.length; i++) {
            same += table[i][i];
        }
        return same / total(table);
    }

    /** Cohen's κ (1960), chance from both raters' own shares; 1 where only one label ever occurs. */
    public static double cohen(int[][] table) {
        double n = total(table);
        double chance = 0;
        for (int i = 0; i < table.length; i++) {
            chance += row(table, i) / n * (column(table, i) / n);
        }
        return chance >= 1 ? 1 : (observed(table) - chance) / (1 - chance);
    }

    /** Gwet's AC1 (2008), chance from how evenly the labels are used: Σ π(1 − π)/(q − 1). */
    public static double gwet(int[][] table) {
        double n = total(table);
        double chance = 0;
        for (int i = 0; i < table.length; i++) {
            double share = (row(table, i) + column(table, i)) / (2 * n);
            chance += share * (1 - share);
        }
        chance /= Math.max(1, table.length - 1);
        return (observed(table) - chance) / (1 - chance);
    }

    /** Cohen's κ with quadratic weights (1968), for grades: near misses count as little as the square of their distance. */
    public static double quadraticKappa(int[] first, int[] second) {
        if (first.length != second.length || first.length == 0) {
            throw new IllegalArgumentException(
                    first.length + " grades and " + second.length + "; both must rate each row.");
        }
        double seen = 0;
        double expected = 0;
        for (int a : first) {
            for (int b : second) {
                expected += (double) (a - b) * (a - b);
            }
        }
        for (int i = 0; i < first.length; i++) {
            seen += (double) (first[i] - second[i]) * (first[i] - second[i]);
        }
        return expected == 0 ? 1 : 1 - seen * first.length / expected;
    }

    /**
     * Krippendorff's α (2004) for any number of raters, with gaps.
     *
     * @param ratings by rater and row; NaN where a rater did not rate a row
     * @return 1 for perfect agreement, 0 for chance; 1 where only one value ever occurs
     */
    public static double krippendorff(double[][] ratings, Scale scale) {
        var values = new TreeSet<Double>();
        for (double[] rater : ratings) {
            Arrays.stream(rater).filter(value -> !Double.isNaN(value)).forEach(values::add);
        }
        double[] levels = values.stream().mapToDouble(Double::doubleValue).toArray();
        double[][] coincidence = coincidences(ratings, levels);
        double[] margin = new double[levels.length];
        double n = 0;
        for (int i = 0; i < levels.length; i++) {
            margin[i] = Arrays.stream(coincidence[i]).sum();
            n += margin[i];
        }
        double seen = 0;
        double expected = 0;
        for (int i = 0; i < levels.length; i++) {
            for (int j = 0; j < levels.length; j++) {
                double distance = distance(levels[i], levels[j], scale);
                seen += coincidence[i][j] * distance;
                expected += margin[i] * margin[j] * distance;
            }
        }
        return expected == 0 ? 1 : 1 - (n - 1) * seen / expected;
    }

    private static double[][] coincidences(double[][] ratings, double[] levels) {
        double[][] table = new double[levels.length][levels.length];
        int rows = ratings.length == 0 ? 0 : ratings[0].length;
        for (int row = 0; row < rows; row++) {
            double[] counts = new double[levels.length];
            for (double[] rater : ratings) {
                if (!Double.isNaN(rater[row])) {
                    counts[Arrays.binarySearch(levels, rater[row])]++;
                }
            }
            double raters = Arrays.stream(counts).sum();
            if (raters < 2) {
                continue;
            }
            for (int i = 0; i < levels.length; i++) {
                for (int j = 0; j < levels.length; j++) {
                    table[i][j] += counts[i] * (i == j ? counts[j] - 1 : counts[j]) / (raters - 1);
                }
            }
        }
        return table;
    }

    private static double distance(double a, double b, Scale scale) {
        return switch (scale) {
            case NOMINAL -> a == b ? 0 : 1;
            case INTERVAL -> (a - b) * (a - b);
        };
    }

    private static double total(int[][] table) {
        double n = 0;
        for (int[] row : table) {
            if (row.length != table.length) {
                throw new IllegalArgumentException(
                        "An agreement table is square, not " + table.length + " by " + row.length + ".");
            }
            n += Arrays.stream(row).sum();
        }
        if (n == 0) {
            throw new IllegalArgumentException("Agreement needs at least one row that both have rated.");
        }
        return n;
    }

    private static double row(int[][] table, int i) {
        return Arrays.stream(table[i]).sum();
    }

    private static double column(int[][] table, int j) {
        double sum = 0;
        for (int[] row : table) {
            sum += row[j];
        }
        return sum;
    }
}
