package dev.attune.dataset.quality;

import dev.attune.dataset.Row;
import java.util.ArrayList;
import java.util.List;

/**
 * All checks at work on one dataset: given row after row, then asked for what they found. What it holds does not grow with
 * the dataset: a few megabytes. Good for one dataset; only {@link #look} is thread-safe.
 */
public final class QualityAudit {
    private final List<QualityCheck> checks = QualityChecks.fresh();
    private final Reporter reporter = new Reporter();

    /** Looks at the next row. */
    public void row(Row row) {
        look(row).run();
    }

    /**
     * Looks at a row, which is most of the work, on any thread.
     *
     * @return what takes note of the row; run one after the other, in the order of the rows
     */
    public Runnable look(Row row) {
        var texts = new RowTexts(row);
        var notes = new ArrayList<QualityCheck.Note>(4);
        for (QualityCheck check : checks) {
            QualityCheck.Note note = check.look(texts);
            if (note != QualityCheck.Note.NONE) {
                notes.add(note);
            }
        }
        return () -> notes.forEach(note -> note.take(reporter));
    }

    /** What was found; no row may follow. */
    public QualityReport end() {
        for (QualityCheck check : checks) {
            check.end(reporter);
        }
        return reporter.report();
    }
}
