package dev.attune.evals;

/**
 * The true pass rate behind a judge that errs (Rogan and Gladen 1978): θ = (p + Sp − 1)/(Se + Sp − 1), with the variance
 * that the judged sample and both calibration samples bring. Thread-safe.
 */
public final class JudgeCorrection {
    private JudgeCorrection() {}

    /**
     * Corrects.
     *
     * @param passRate the share that the judge passed, of {@code n} rows
     * @param sensitivity how often it passes what is right, from {@code rightRows} labelled rows
     * @param specificity how often it fails what is wrong, from {@code wrongRows} labelled rows
     * @throws IllegalArgumentException where the judge is no better than chance, or a sample is empty
     */
    public static Interval rogan(double passRate, int n, double sensitivity, int rightRows, double specificity,
            int wrongRows,
            double confidence) {
        double youden = sensitivity + specificity - 1;
        if (!(youden > 0)) {
            throw new IllegalArgumentException("The judge is no better than chance (sensitivity " + sensitivity
                    + ", specificity " + specificity + "), so nothing can be concluded from it.");
        }
        if (n < 1 || rightRows < 1 || wrongRows < 1) {
            throw new IllegalArgumentException(
                    "A judge cannot be corrected without judged rows and labelled rows of both kinds.");
        }
        double rate = Math.clamp((passRate + specificity - 1) / youden, 0, 1);
        double half = Distributions.normalQuantile(confidence)
                * standardError(passRate, n, sensitivity, rightRows, specificity, wrongRows);
        return new Interval(rate, Math.max(0, rate - half), Math.min(1, rate + half));
    }

    static double standardError(double passRate, int n, double sensitivity, int rightRows, double specificity,
            int wrongRows) {
        double youden = sensitivity + specificity - 1;
        double rate = Math.clamp((passRate + specificity - 1) / youden, 0, 1);
        double variance = passRate * (1 - passRate) / n + rate * rate * sensitivity * (1 - sensitivity) / rightRows
                + (1 - rate) * (1 - rate) * specificity * (1 - specificity) / wrongRows;
        return Math.sqrt(variance) / youden;
    }
}
