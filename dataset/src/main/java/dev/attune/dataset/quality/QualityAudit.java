package dev.attune.dataset.quality;

import dev.attune.dataset.Row;
import java.util.ArrayList;
import java.util.List;

/**
 * All checks at work on one dataset: given row after row, then asked for what they found. What it holds does not grow with
 * the dataset: a few megabytes. Good for one dataset; only {@link #look} is thread-safe.
 */
public final class QualityAudit {
    private final List<QualityCheck> checks;
    private final Reporter reporter = new Reporter();

    /** An audit by all checks. */
    public QualityAudit() {
        this(true, true);
    }

    /**
     * An audit by some checks.
     *
     * @param privacy whether personal data and secrets are looked for
     * @param others whether everything else is
     */
    public QualityAudit(boolean privacy, boolean others) {
        this.checks = QualityChecks.fresh().stream()
                .filter(check -> check instanceof SensitiveCheck ? privacy : others).toList();
    }

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
        if (checks.isEmpty()) {
            return () -> {};
        }
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
