package dev.attune.evals;

/**
 * A win rate as it would be if both answers were equally long (after Dubois et al. 2024, "Length-Controlled AlpacaEval"): a
 * logistic regression of the verdict on tanh of the length difference in its own standard deviations; the rate is that of
 * the intercept. The fit is Newton's with a ridge of 0.01 on the slope, so that it stays finite where length decides
 * everything.
 *
 * @param winRate the plain share of wins, ties half
 * @param controlled the share at equal length, with a sandwich interval
 * @param slope how much length sways the verdict; above 0 the longer answer is preferred
 */
public record LengthControl(double winRate, Interval controlled, double slope) {
    private static final double RIDGE = 0.01;

    /**
     * Fits.
     *
     * @param outcomes 1 where the tuned model's answer won, 0 where it lost, 0.5 for a tie
     * @param lengthDifferences tuned minus base, in any unit
     */
    public static LengthControl of(double[] outcomes, double[] lengthDifferences, double confidence) {
        int n = outcomes.length;
        if (n != lengthDifferences.length || n < 2) {
            throw new IllegalArgumentException(
                    "Length control needs two or more verdicts, each with its length difference, not "
                            + n + " and " + lengthDifferences.length + ".");
        }
        double spread = Math.sqrt(Math.pow(Means.standardError(lengthDifferences).orElseThrow(), 2) * n);
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = spread == 0 ? 0 : Math.tanh(lengthDifferences[i] / spread);
        }
        double[] beta = fit(outcomes, x);
        double error = interceptError(outcomes, x, beta);
        double half = Distributions.normalQuantile(confidence) * error;
        return new LengthControl(Means.mean(outcomes),
                new Interval(logistic(beta[0]), logistic(beta[0] - half), logistic(beta[0] + half)), beta[1]);
    }

    private static double[] fit(double[] y, double[] x) {
        double[] beta = new double[2];
        for (int round = 0; round < 100; round++) {
            double[] gradient = {-1e-6 * beta[0], -RIDGE * beta[1]};
            for (int i = 0; i < y.length; i++) {
                double residual = y[i] - logistic(beta[0] + beta[1] * x[i]);
                gradient[0] += residual;
                gradient[1] += residual * x[i];
            }
            double[] step = Matrix.solve(curvature(x, beta), gradient);
            double longest = Math.max(Math.abs(step[0]), Math.abs(step[1]));
            double shorten = longest > 2 ? 2 / longest : 1;
            beta[0] += shorten * step[0];
            beta[1] += shorten * step[1];
            if (longest < 1e-10) {
                break;
            }
        }
        return beta;
    }

    private static double[][] curvature(double[] x, double[] beta) {
        double[][] h = {{1e-6, 0}, {0, RIDGE}};
        for (double value : x) {
            double p = logistic(beta[0] + beta[1] * value);
            double w = p * (1 - p);
            h[0][0] += w;
            h[0][1] += w * value;
            h[1][0] += w * value;
            h[1][1] += w * value * value;
        }
        return h;
    }

    private static double interceptError(double[] y, double[] x, double[] beta) {
        double[][] meat = new double[2][2];
        for (int i = 0; i < y.length; i++) {
            double residual = y[i] - logistic(beta[0] + beta[1] * x[i]);
            double square = residual * residual;
            meat[0][0] += square;
            meat[0][1] += square * x[i];
            meat[1][0] += square * x[i];
            meat[1][1] += square * x[i] * x[i];
        }
        double[][] inverse = Matrix.inverse(curvature(x, beta));
        return Math.sqrt(Matrix.product(Matrix.product(inverse, meat), inverse)[0][0]);
    }

    private static double logistic(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
