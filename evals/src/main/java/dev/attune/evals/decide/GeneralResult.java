package dev.attune.evals.decide;

import dev.attune.evals.NonInferiority;
import dev.attune.evals.PairedComparison;
import java.util.List;

/**
 * What both models could and can still do on the general set.
 *
 * @param families one comparison for each area, named after it
 * @param all the comparison over all rows
 * @param differences tuned minus base of each row that both answered
 */
public record GeneralResult(List<PairedComparison> families, PairedComparison all, double[] differences) {
    public GeneralResult {
        families = List.copyOf(families);
        differences = differences.clone();
    }

    @Override
    public double[] differences() {
        return differences.clone();
    }

    /** Whether what was lost is less than the margin. */
    public NonInferiority nonInferior(double margin, double confidence) {
        return NonInferiority.paired(differences, margin, confidence);
    }
}
