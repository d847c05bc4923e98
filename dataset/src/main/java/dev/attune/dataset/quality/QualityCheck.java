package dev.attune.dataset.quality;

import java.util.List;

/**
 * Looks for one or a few related kinds of problems, row after row. It may keep counts, samples and sketches, but nothing
 * that grows with the dataset. Not thread-safe; an instance sees one dataset.
 */
interface QualityCheck {

    /** What it looks for, in the order in which it is shown. */
    List<CheckKind> kinds();

    /** Looks at the next row. */
    void row(RowTexts row, Reporter out);

    /** Says what only all rows together show. */
    default void end(Reporter out) {}
}
