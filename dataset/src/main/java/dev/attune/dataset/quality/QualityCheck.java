package dev.attune.dataset.quality;

import java.util.List;

/**
 * Looks for one or a few related kinds of problems, row after row. It may keep counts, samples and sketches, but nothing
 * that grows with the dataset. An instance sees one dataset.
 */
interface QualityCheck {

    /** What it looks for, in the order in which it is shown. */
    List<CheckKind> kinds();

    /**
     * Looks at a row without taking note of it; thread-safe, so that many rows can be looked at at once.
     *
     * @return what takes note of the row; {@link Note#NONE} where there is nothing to note
     */
    Note look(RowTexts row);

    /** Says what only all rows together show. */
    default void end(Reporter out) {}

    /** What a look at a row has shown. Notes are taken one after the other, in the order of the rows. */
    @FunctionalInterface
    interface Note {
        /** Nothing. */
        Note NONE = out -> {};

        void take(Reporter out);
    }
}
