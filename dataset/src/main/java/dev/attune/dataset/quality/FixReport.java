package dev.attune.dataset.quality;

import dev.attune.dataset.Problem;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link Fixer} did with a file. Immutable.
 *
 * @param output the repaired copy
 * @param log JSON Lines, one {@link Change} each
 * @param lines lines that were read
 * @param changedLines lines that were written otherwise than they were read
 * @param removedLines lines that were left out
 * @param changes how many changes there are of each code, in the order in which they first appear
 * @param first the first changes, at most {@value #MOST_SHOWN}
 * @param settled a problem for each row that a contradiction has left out
 */
public record FixReport(Path output, Path log, int lines, int changedLines, int removedLines,
        Map<String, Integer> changes, List<Change> first, List<Problem> settled) {
    static final int MOST_SHOWN = 20;

    public FixReport {
        changes = Collections.unmodifiableMap(new LinkedHashMap<>(changes));
        first = List.copyOf(first);
        settled = List.copyOf(settled);
    }

    /** Whether the copy differs from the file in anything. */
    public boolean changedAnything() {
        return !changes.isEmpty();
    }
}
