package dev.attune.evals;

import java.util.List;
import java.util.Locale;

/**
 * Strengths of several models from pairwise verdicts, P(i beats j) = pᵢ/(pᵢ + pⱼ) (Bradley and Terry 1952), a tie counting
 * half for each. Fitted by Newton's method on β = ln p with Σβ = 0; the errors are the sandwich H⁻¹·(Σ gg′)·H⁻¹, which
 * stays right where the model is not. A small prior (a tenth of a drawn game between every two models) keeps the strengths
 * finite where one wins everything or the verdicts fall apart into groups.
 *
 * <p>Known from the literature: updating all strengths at once by minorisation oscillates where the comparisons form a
 * bipartite graph; Newton's method does not. Immutable.
 */
public final class BradleyTerry {
    /** Elo points per unit of log₁₀ p. */
    private static final double ELO = 400;
    private static final double ELO_CENTRE = 1000;

    /**
     * One verdict.
     *
     * @param first index of a model
     * @param second index of another
     * @param outcome 1 where the first wins, 0 where the second does, 0.5 for a tie
     */
    public record Match(int first, int second, double outcome) {
        public Match {
            if (first == second || first < 0 || second < 0 || !(outcome >= 0 && outcome <= 1)) {
                throw new IllegalArgumentException(String.format(Locale.ROOT,
                        "A match is between two models with an outcome in [0, 1], not %d against %d with %s.", first,
                        second, outcome));
            }
        }
    }

    private final double[] beta;
    private final double[] errors;

    private BradleyTerry(double[] beta, double[] errors) {
        this.beta = beta;
        this.errors = errors;
    }

    /** Fits with the prior of a tenth of a drawn game. */
    public static BradleyTerry fit(int models, List<Match> matches) {
        return fit(models, matches, 0.1);
    }

    /** @param prior drawn games between every two models; 0 for none, where every model both won and lost */
    static BradleyTerry fit(int models, List<Match> matches, double prior) {
        double[] beta = new double[models];
        for (int round = 0; round < 200; round++) {
            double[] gradient = new double[models];
            double[][] hessian = new double[models][models];
            for (Match match : matches) {
                add(match.first(), match.second(), match.outcome(), 1, beta, gradient, hessian);
            }
            for (int i = 0; i < models && prior > 0; i++) {
                for (int j = i + 1; j < models; j++) {
                    add(i, j, 0.5, prior, beta, gradient, hessian);
                }
            }
            double[] step = Matrix.solve(centred(hessian), gradient);
            double longest = 0;
            for (double s : step) {
                longest = Math.max(longest, Math.abs(s));
            }
            double shorten = longest > 2 ? 2 / longest : 1;
            for (int i = 0; i < models; i++) {
                beta[i] += shorten * step[i];
            }
            if (longest < 1e-12) {
                break;
            }
        }
        return new BradleyTerry(beta, sandwich(models, matches, prior, beta));
    }

    private static void add(int i, int j, double outcome, double weight, double[] beta, double[] gradient,
            double[][] hessian) {
        double p = 1 / (1 + Math.exp(beta[j] - beta[i]));
        gradient[i] += weight * (outcome - p);
        gradient[j] -= weight * (outcome - p);
        double curve = weight * p * (1 - p);
        hessian[i][i] += curve;
        hessian[j][j] += curve;
        hessian[i][j] -= curve;
        hessian[j][i] -= curve;
    }

    /** Adding 1/m everywhere fixes Σβ = 0 and makes the Hessian one that can be inverted. */
    private static double[][] centred(double[][] hessian) {
        for (double[] row : hessian) {
            for (int j = 0; j < row.length; j++) {
                row[j] += 1.0 / row.length;
            }
        }
        return hessian;
    }

    private static double[] sandwich(int models, List<Match> matches, double prior, double[] beta) {
        double[][] hessian = new double[models][models];
        double[][] meat = new double[models][models];
        double[] gradient = new double[models];
        for (Match match : matches) {
            add(match.first(), match.second(), match.outcome(), 1, beta, gradient, hessian);
            double p = 1 / (1 + Math.exp(beta[match.second()] - beta[match.first()]));
            double g = (match.outcome() - p) * (match.outcome() - p);
            meat[match.first()][match.first()] += g;
            meat[match.second()][match.second()] += g;
            meat[match.first()][match.second()] -= g;
            meat[match.second()][match.first()] -= g;
        }
        for (int i = 0; i < models && prior > 0; i++) {
            for (int j = i + 1; j < models; j++) {
                add(i, j, 0.5, prior, beta, gradient, hessian);
            }
        }
        double[][] inverse = Matrix.inverse(centred(hessian));
        double[][] covariance = Matrix.product(Matrix.product(inverse, meat), inverse);
        double[] errors = new double[models];
        for (int i = 0; i < models; i++) {
            errors[i] = Math.sqrt(Math.max(0, covariance[i][i]));
        }
        return errors;
    }

    /** The model's strength; the geometric mean of all is 1. */
    public double strength(int model) {
        return Math.exp(beta[model]);
    }

    /** The sandwich standard error of ln p. */
    public double logError(int model) {
        return errors[model];
    }

    /** The strength with its interval on the scale of Elo: 1000 for the geometric mean, 400 points for a factor of ten. */
    public Interval rating(int model, double confidence) {
        double half = Distributions.normalQuantile(confidence) * errors[model];
        return new Interval(elo(beta[model]), elo(beta[model] - half), elo(beta[model] + half));
    }

    /** How likely the first beats the second. */
    public double winProbability(int first, int second) {
        return 1 / (1 + Math.exp(beta[second] - beta[first]));
    }

    private static double elo(double beta) {
        return ELO_CENTRE + ELO * beta / Math.log(10);
    }
}
