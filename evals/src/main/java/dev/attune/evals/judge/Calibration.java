package dev.attune.evals.judge;

import dev.attune.evals.Agreement;
import dev.attune.evals.Interval;
import dev.attune.evals.JudgeCorrection;
import java.util.Optional;

/**
 * A judge held against rows that people labelled right or wrong.
 *
 * @param rightPassed rows that people call right and the judge passes
 * @param rightFailed rows that people call right and the judge fails
 * @param wrongPassed rows that people call wrong and the judge passes
 * @param wrongFailed rows that people call wrong and the judge fails
 * @param unscored labelled rows that the judge gave no grade
 */
public record Calibration(int rightPassed, int rightFailed, int wrongPassed, int wrongFailed, int unscored) {
    /** With fewer labelled rows than this, or only one kind of them, agreement says nothing. */
    public static final int ENOUGH = 20;

    /** Rows with a label and a grade. */
    public int n() {
        return rightPassed + rightFailed + wrongPassed + wrongFailed;
    }

    /** Rows by label and grade. */
    public int[][] table() {
        return new int[][]{{rightPassed, rightFailed}, {wrongPassed, wrongFailed}};
    }

    /** The share of rows on which judge and people say the same; 0 without rows. */
    public double agreement() {
        return n() == 0 ? 0 : Agreement.observed(table());
    }

    /** Cohen's κ; 0 without rows. */
    public double kappa() {
        return n() == 0 ? 0 : Agreement.cohen(table());
    }

    /** Gwet's AC1, which a rare label does not lower; 0 without rows. */
    public double gwet() {
        return n() == 0 ? 0 : Agreement.gwet(table());
    }

    /** The higher of the two; a judge that passes everything has neither unless people do too, and then it is caught by its specificity. */
    public double best() {
        return informative() ? Math.max(kappa(), gwet()) : 0;
    }

    /** How often it passes what is right; 0 where nothing is. */
    public double sensitivity() {
        int right = rightPassed + rightFailed;
        return right == 0 ? 0 : (double) rightPassed / right;
    }

    /** How often it fails what is wrong; 0 where nothing is. */
    public double specificity() {
        int wrong = wrongPassed + wrongFailed;
        return wrong == 0 ? 0 : (double) wrongFailed / wrong;
    }

    /** Whether its grade depends on what people say at all. */
    public boolean informative() {
        return sensitivity() + specificity() > 1;
    }

    /** The pass rate that people would give, by Rogan and Gladen; nothing where the judge is no better than chance. */
    public Optional<Interval> corrected(double passRate, int rows, double confidence) {
        return informative() && rows > 0
                ? Optional.of(
                        JudgeCorrection.rogan(passRate, rows, sensitivity(), rightPassed + rightFailed, specificity(),
                                wrongPassed + wrongFailed, confidence))
                : Optional.empty();
    }
}
