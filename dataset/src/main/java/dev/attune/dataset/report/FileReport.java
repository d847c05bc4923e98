package dev.attune.dataset.report;

import dev.attune.dataset.CostEstimate;
import dev.attune.dataset.DataFigures;
import dev.attune.dataset.target.TargetReport;
import java.util.List;
import java.util.Optional;

/**
 * Everything about one training file. Immutable.
 *
 * @param file as it was named
 * @param bytes its size; 0 where it cannot be read
 * @param format what it is, in words
 * @param examples rows of the file, faulty ones included
 * @param data labels, duplicates, contradictions, tokens of the rows that can be trained on
 * @param target tokens, images and limits
 * @param estimate what tuning takes; empty without rows
 * @param findings what is wrong, by kind, the worst first
 */
public record FileReport(String file, long bytes, String format, int examples, DataFigures data,
        TargetReport target, Optional<CostEstimate> estimate, List<FindingGroup> findings) {
    public FileReport {
        findings = List.copyOf(findings);
    }

    /** Whether there was anything to check: a file that is missing, empty or of no known kind is not usable. */
    public boolean isUsable() {
        return examples > 0;
    }
}
