package dev.attune.evals;

/**
 * What people would say, from a judge that errs and a few rows that people labelled. For pass and fail: the true pass rate
 * of Rogan and Gladen (1978), θ = (p + Sp − 1)/(Se + Sp − 1), with the variance that the judged sample and both calibration
 * samples bring. For scores: prediction-powered inference (Angelopoulos et al. 2023). Thread-safe.
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

    /**
     * The mean that people would give: the judge's mean over unlabelled rows, plus how far people differ from it on the
     * labelled ones. Unbiased whatever the judge's faults; the better the judge, the narrower.
     *
     * @param judged the judge's scores of rows without a label
     * @param labelledJudge the judge's scores of the labelled rows
     * @param labels people's scores of the same rows
     * @throws IllegalArgumentException where either sample has fewer than two rows
     */
    public static Interval predictionPowered(double[] judged, double[] labelledJudge, double[] labels,
            double confidence) {
        if (labels.length != labelledJudge.length) {
            throw new IllegalArgumentException(labels.length + " labels, but " + labelledJudge.length
                    + " scores of the judge; both are needed for each labelled row.");
        }
        double[] gap = new double[labels.length];
        for (int i = 0; i < gap.length; i++) {
            gap[i] = labels[i] - labelledJudge[i];
        }
        double judgeError = Means.standardError(judged).orElseThrow(JudgeCorrection::tooFew);
        double gapError = Means.standardError(gap).orElseThrow(JudgeCorrection::tooFew);
        return predictionPowered(Means.mean(judged), judgeError * judgeError, Means.mean(gap), gapError * gapError,
                confidence);
    }

    static Interval predictionPowered(double judgeMean, double judgeVariance, double gap, double gapVariance,
            double confidence) {
        double estimate = judgeMean + gap;
        double half = Distributions.normalQuantile(confidence) * Math.sqrt(judgeVariance + gapVariance);
        return new Interval(estimate, estimate - half, estimate + half);
    }

    private static IllegalArgumentException tooFew() {
        return new IllegalArgumentException("Two judged and two labelled rows are the least; label more rows.");
    }
}
