package dev.attune.evals.judge;

import dev.attune.evals.Agreement;
import dev.attune.evals.Interval;
import dev.attune.evals.JudgeCorrection;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A judge held against rows that people labelled right or wrong.
 *
 * @param rows every labelled row that it graded
 * @param passing the grade from which the judge passes a row
 * @param unscored labelled rows that the judge gave no grade
 */
public record Calibration(List<Graded> rows, double passing, int unscored) {
    /** With fewer labelled rows than this, or only one kind of them, agreement says nothing. */
    public static final int ENOUGH = 20;

    /**
     * One labelled row.
     *
     * @param grade what the judge says, in [0, 1]
     * @param right what people say
     */
    public record Graded(double grade, boolean right) {}

    public Calibration {
        rows = List.copyOf(rows);
    }

    /** Rows with a label and a grade. */
    public int n() {
        return rows.size();
    }

    /** Rows by label, right first, and by grade, passed first. */
    public int[][] table() {
        return new int[][]{{count(true, true), count(true, false)}, {count(false, true), count(false, false)}};
    }

    private int count(boolean right, boolean passed) {
        return (int) rows.stream().filter(row -> row.right() == right && row.grade() >= passing == passed).count();
    }

    private int count(boolean right) {
        return count(right, true) + count(right, false);
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
        return count(true) == 0 ? 0 : (double) count(true, true) / count(true);
    }

    /** How often it fails what is wrong; 0 where nothing is. */
    public double specificity() {
        return count(false) == 0 ? 0 : (double) count(false, false) / count(false);
    }

    /** Whether its grade depends on what people say at all. */
    public boolean informative() {
        return sensitivity() + specificity() > 1;
    }

    /**
     * The pass rate that people would give, by Rogan and Gladen; nothing where the judge is no better than chance.
     *
     * @param grades of rows without a label
     */
    public Optional<Interval> corrected(double[] grades, double confidence) {
        double passed = Arrays.stream(grades).filter(grade -> grade >= passing).count();
        return informative() && grades.length > 0
                ? Optional.of(JudgeCorrection.rogan(passed / grades.length, grades.length, sensitivity(), count(true),
                        specificity(), count(false), confidence))
                : Optional.empty();
    }

    /**
     * The share that people would call right, by prediction-powered inference, cut to [0, 1]; nothing below two rows of
     * either sort.
     *
     * @param grades of rows without a label
     */
    public Optional<Interval> predicted(double[] grades, double confidence) {
        if (grades.length < 2 || rows.size() < 2) {
            return Optional.empty();
        }
        Interval found = JudgeCorrection.predictionPowered(grades,
                rows.stream().mapToDouble(Graded::grade).toArray(),
                rows.stream().mapToDouble(row -> row.right() ? 1 : 0).toArray(), confidence);
        return Optional.of(new Interval(Math.clamp(found.estimate(), 0, 1), Math.clamp(found.low(), 0, 1),
                Math.clamp(found.high(), 0, 1)));
    }
}
