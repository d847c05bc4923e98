package dev.attune.evals;

/**
 * Student's t, the normal, the beta and the binomial distribution: probabilities and quantiles.
 *
 * <p>The regularised incomplete beta function I<sub>x</sub>(a, b) is the continued fraction of DLMF 8.17.22, evaluated by
 * Lentz's method (Thompson and Barnett 1986), with the symmetry I<sub>x</sub>(a,b) = 1 − I<sub>1−x</sub>(b,a) where it
 * converges slowly; ln Γ is Lanczos' approximation with g = 607/128 and 15 terms (Godfrey), good to about 1e-15.
 * Quantiles are found by bisection on the probability, so they are as exact as it is: relative error about 1e-12.
 * Thread-safe.
 */
final class Distributions {
    private static final double[] LANCZOS = {0.9999999999999971, 57.15623566586292, -59.59796035547549,
            14.136097974741746, -0.4919138160976202, 3.399464998481189e-05, 4.652362892704858e-05,
            -9.837447530487956e-05, 0.0001580887032249125, -0.00021026444172410488, 0.00021743961811521265,
            -0.0001643181065367639, 8.441822398385275e-05, -2.6190838401581408e-05, 3.6899182659531625e-06};
    private static final double EPSILON = 3e-16;
    private static final double TINY = 1e-300;
    private static final int ITERATIONS = 10_000;

    private Distributions() {}

    static double logGamma(double x) {
        double sum = LANCZOS[0];
        for (int i = 1; i < LANCZOS.length; i++) {
            sum += LANCZOS[i] / (x + i);
        }
        double t = x + 607.0 / 128 + 0.5;
        return (x + 0.5) * Math.log(t) - t + Math.log(Math.sqrt(2 * Math.PI) * sum / x);
    }

    /** I<sub>x</sub>(a, b): the probability that a Beta(a, b) variable is at most x. */
    static double beta(double x, double a, double b) {
        if (x <= 0) {
            return 0;
        }
        if (x >= 1) {
            return 1;
        }
        double front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
        return x < (a + 1) / (a + b + 2) ? front * fraction(x, a, b) / a : 1 - front * fraction(1 - x, b, a) / b;
    }

    private static double fraction(double x, double a, double b) {
        double c = 1;
        double d = 1 / away(1 - (a + b) * x / (a + 1));
        double h = d;
        for (int m = 1; m <= ITERATIONS; m++) {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / away(1 + even * d);
            c = away(1 + even / c);
            h *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / away(1 + odd * d);
            c = away(1 + odd / c);
            double factor = d * c;
            h *= factor;
            if (Math.abs(factor - 1) < EPSILON) {
                break;
            }
        }
        return h;
    }

    private static double away(double value) {
        return Math.abs(value) < TINY ? TINY : value;
    }

    /** The x at which I<sub>x</sub>(a, b) is {@code p}. */
    static double betaQuantile(double p, double a, double b) {
        double low = 0;
        double high = 1;
        for (int i = 0; i < 200 && high > low; i++) {
            double middle = (low + high) / 2;
            if (middle == low || middle == high) {
                break;
            }
            if (beta(middle, a, b) < p) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /** The probability that |T| is at least |t|, T of Student's distribution. */
    static double studentTwoSided(double t, double degreesOfFreedom) {
        if (Double.isInfinite(t)) {
            return 0;
        }
        return beta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
    }

    /** The t that T exceeds in absolute value with probability {@code 1 − confidence}: 2.262157 for 0.95 and 9. */
    static double studentQuantile(double confidence, double degreesOfFreedom) {
        double alpha = 1 - confidence;
        double high = 2;
        while (studentTwoSided(high, degreesOfFreedom) > alpha) {
            high *= 2;
        }
        double low = 0;
        for (int i = 0; i < 200; i++) {
            double middle = (low + high) / 2;
            if (middle == low || middle == high) {
                break;
            }
            if (studentTwoSided(middle, degreesOfFreedom) > alpha) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /**
     * The z that a standard normal variable exceeds in absolute value with probability {@code 1 − confidence}: 1.959964 for
     * 0.95.
     */
    static double normalQuantile(double confidence) {
        double alpha = 1 - confidence;
        double low = 0;
        double high = 40;
        for (int i = 0; i < 200; i++) {
            double middle = (low + high) / 2;
            if (middle == low || middle == high) {
                break;
            }
            if (normalTwoSided(middle) > alpha) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /** The probability that Z is above z. */
    static double normalAbove(double z) {
        double tail = normalTwoSided(z) / 2;
        return z >= 0 ? tail : 1 - tail;
    }

    /** ln C(n, k). */
    static double logChoose(int n, int k) {
        return logGamma(n + 1.0) - logGamma(k + 1.0) - logGamma(n - k + 1.0);
    }

    /** The probability that |Z| is at least |z|: erfc(|z|/√2) = Q(1/2, z²/2). */
    static double normalTwoSided(double z) {
        double x = z * z / 2;
        if (x == 0) {
            return 1;
        }
        double front = Math.exp(-x + 0.5 * Math.log(x) - logGamma(0.5));
        if (x < 1.5) {
            double term = 2;
            double sum = 2;
            for (double a = 1.5; Math.abs(term) > Math.abs(sum) * EPSILON; a++) {
                term *= x / a;
                sum += term;
            }
            return 1 - sum * front;
        }
        double b = x + 0.5;
        double c = 1 / TINY;
        double d = 1 / b;
        double h = d;
        for (int i = 1; i <= ITERATIONS; i++) {
            double an = -i * (i - 0.5);
            b += 2;
            d = 1 / away(an * d + b);
            c = away(b + an / c);
            double factor = d * c;
            h *= factor;
            if (Math.abs(factor - 1) < EPSILON) {
                break;
            }
        }
        return front * h;
    }

    /** P(X ≤ k), X binomial with n trials of probability p. */
    static double binomialAtMost(int k, int n, double p) {
        if (k < 0) {
            return 0;
        }
        return k >= n ? 1 : beta(1 - p, n - k, k + 1.0);
    }
}
