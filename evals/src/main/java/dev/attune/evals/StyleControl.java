package dev.attune.evals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A win rate as it would be if both answers had the same style (after Dubois et al. 2024, "Length-Controlled AlpacaEval", and
 * the style control of Chatbot Arena): a logistic regression of the verdict on the differences in style, each in its own
 * standard deviations and bent by tanh so that no single row rules; the rate is that of the intercept. The fit is Newton's
 * with a ridge of 0.01 on the slopes, so that it stays finite where style decides everything. The interval is Student's on
 * C − 1 degrees of freedom over the sandwich H⁻¹·(Σ_c g_c·g_cᵀ)·H⁻¹·C/(C − 1), with every row a cluster where none are named. Where
 * style tells all verdicts, no row is left that could speak for the answers themselves: the residuals vanish and the sandwich
 * with them, so the error is the model's own, H⁻¹, which says that anything is possible.
 *
 * @param winRate the plain share of wins, ties half
 * @param controlled the share at equal style; everything is possible with fewer than two clusters
 * @param slopes how much each difference sways the verdict; above 0 more of it is preferred; 0 where it never differs
 */
public record StyleControl(double winRate, Interval controlled, Map<String, Double> slopes) {
    private static final double RIDGE = 0.01;
    private static final double INTERCEPT_RIDGE = 1e-6;

    public StyleControl {
        slopes = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(slopes));
    }

    /** {@link #of(double[], Map, String[], double)} of rows that have nothing to do with each other. */
    public static StyleControl of(double[] outcomes, Map<String, double[]> differences, double confidence) {
        String[] rows = new String[outcomes.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = String.valueOf(i);
        }
        return of(outcomes, differences, rows, confidence);
    }

    /**
     * Fits.
     *
     * @param outcomes 1 where the tuned model's answer won, 0 where it lost, 0.5 for a tie
     * @param differences tuned minus base of each trait of style, by its name, in any unit
     * @param cluster of each row, by any name
     * @throws IllegalArgumentException below two rows, or where lengths differ
     */
    public static StyleControl of(double[] outcomes, Map<String, double[]> differences, String[] cluster,
            double confidence) {
        int n = outcomes.length;
        if (n < 2 || cluster.length != n || differences.values().stream().anyMatch(d -> d.length != n)) {
            throw new IllegalArgumentException(
                    "Style control needs two or more verdicts, each with its cluster and every difference, not " + n
                            + ".");
        }
        List<String> varying = differences.entrySet().stream().filter(e -> spread(e.getValue()) > 0)
                .map(Map.Entry::getKey).toList();
        double[][] x = design(differences, varying, n);
        double[] beta = fit(outcomes, x);
        var slopes = new LinkedHashMap<String, Double>();
        differences.keySet().forEach(
                name -> slopes.put(name, varying.contains(name) ? beta[1 + varying.indexOf(name)] : 0.0));
        return new StyleControl(Means.mean(outcomes), interval(outcomes, x, beta, cluster, confidence), slopes);
    }

    private static double[][] design(Map<String, double[]> differences, List<String> names, int n) {
        var columns = new ArrayList<double[]>();
        for (String name : names) {
            double[] column = differences.getOrDefault(name, new double[n]).clone();
            double spread = spread(column);
            for (int i = 0; i < n; i++) {
                column[i] = Math.tanh(column[i] / spread);
            }
            columns.add(column);
        }
        double[][] x = new double[n][1 + columns.size()];
        for (int i = 0; i < n; i++) {
            x[i][0] = 1;
            for (int j = 0; j < columns.size(); j++) {
                x[i][1 + j] = columns.get(j)[i];
            }
        }
        return x;
    }

    /** The standard deviation of the differences, with n − 1. */
    private static double spread(double[] values) {
        return Means.standardError(values).orElse(0) * Math.sqrt(values.length);
    }

    private static double[] fit(double[] y, double[][] x) {
        double[] beta = new double[x[0].length];
        for (int round = 0; round < 100; round++) {
            double[] gradient = new double[beta.length];
            for (int j = 0; j < beta.length; j++) {
                gradient[j] = -ridge(j) * beta[j];
            }
            for (int i = 0; i < y.length; i++) {
                double residual = y[i] - logistic(dot(x[i], beta));
                for (int j = 0; j < beta.length; j++) {
                    gradient[j] += residual * x[i][j];
                }
            }
            double[] step = Matrix.solve(curvature(x, beta), gradient);
            double longest = 0;
            for (double part : step) {
                longest = Math.max(longest, Math.abs(part));
            }
            double shorten = longest > 2 ? 2 / longest : 1;
            for (int j = 0; j < beta.length; j++) {
                beta[j] += shorten * step[j];
            }
            if (longest < 1e-10) {
                break;
            }
        }
        return beta;
    }

    private static double[][] curvature(double[][] x, double[] beta) {
        double[][] h = new double[beta.length][beta.length];
        for (int j = 0; j < beta.length; j++) {
            h[j][j] = ridge(j);
        }
        for (double[] row : x) {
            double p = logistic(dot(row, beta));
            add(h, row, p * (1 - p));
        }
        return h;
    }

    private static Interval interval(double[] y, double[][] x, double[] beta, String[] cluster, double confidence) {
        var gradients = new HashMap<String, double[]>();
        for (int i = 0; i < y.length; i++) {
            double residual = y[i] - logistic(dot(x[i], beta));
            double[] sum = gradients.computeIfAbsent(cluster[i], name -> new double[beta.length]);
            for (int j = 0; j < beta.length; j++) {
                sum[j] += residual * x[i][j];
            }
        }
        double rate = logistic(beta[0]);
        double c = gradients.size();
        if (c < 2) {
            return new Interval(rate, 0, 1);
        }
        double[][] meat = new double[beta.length][beta.length];
        gradients.values().forEach(gradient -> add(meat, gradient, c / (c - 1)));
        double[][] inverse = Matrix.inverse(curvature(x, beta));
        double sandwich = Matrix.product(Matrix.product(inverse, meat), inverse)[0][0];
        double error = Math.sqrt(doubt(x, beta) < 1 ? Math.max(sandwich, inverse[0][0]) : sandwich);
        double half = Distributions.studentQuantile(confidence, c - 1) * error;
        return new Interval(rate, logistic(beta[0] - half), logistic(beta[0] + half));
    }

    /** How many rows' worth of doubt the fit leaves, Σ p(1 − p). */
    private static double doubt(double[][] x, double[] beta) {
        double sum = 0;
        for (double[] row : x) {
            double p = logistic(dot(row, beta));
            sum += p * (1 - p);
        }
        return sum;
    }

    /** Adds weight·v·vᵀ. */
    private static void add(double[][] matrix, double[] v, double weight) {
        for (int i = 0; i < v.length; i++) {
            for (int j = 0; j < v.length; j++) {
                matrix[i][j] += weight * v[i] * v[j];
            }
        }
    }

    private static double ridge(int column) {
        return column == 0 ? INTERCEPT_RIDGE : RIDGE;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double logistic(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
