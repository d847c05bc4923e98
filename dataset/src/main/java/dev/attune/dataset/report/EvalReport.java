package dev.attune.dataset.report;

import java.util.List;

/**
 * An evaluation set held against the training files. Immutable.
 *
 * @param file as it was named
 * @param items its questions
 * @param contaminated how many of them stand in a training file
 */
public record EvalReport(String file, int items, int contaminated, List<FindingGroup> findings) {
    public EvalReport {
        findings = List.copyOf(findings);
    }

    /** Whether there was anything to compare. */
    public boolean isUsable() {
        return items > 0;
    }
}
