package dev.attune.dataset.quality;

import dev.attune.dataset.Row;
import java.util.List;

/**
 * All checks at work on one dataset: given row after row, then asked for what they found. What it holds does not grow with
 * the dataset: a few megabytes. Not thread-safe, and good for one dataset.
 */
public final class QualityAudit {
    private final List<QualityCheck> checks = QualityChecks.fresh();
    private final Reporter reporter = new Reporter();

    /** Looks at the next row. */
    public void row(Row row) {
        var texts = new RowTexts(row);
        for (QualityCheck check : checks) {
            check.row(texts, reporter);
        }
    }

    /** What was found; no row may follow. */
    public QualityReport end() {
        for (QualityCheck check : checks) {
            check.end(reporter);
        }
        return reporter.report();
    }
}
