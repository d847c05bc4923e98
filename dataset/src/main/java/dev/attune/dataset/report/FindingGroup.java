package dev.attune.dataset.report;

import dev.attune.dataset.Problem;
import dev.attune.dataset.Severity;
import java.util.List;

/**
 * All problems of one kind that a file has. Immutable.
 *
 * @param severity of all of them; a code that comes with two severities makes two groups
 * @param count how many there are
 * @param problems the first of them, at most {@value ProblemTally#MOST_KEPT}
 */
public record FindingGroup(String code, Severity severity, long count, List<Problem> problems) {
    public FindingGroup {
        problems = List.copyOf(problems);
    }

    /** What the code means, why it hurts, and whether it can be fixed by machine. */
    public CheckEntry entry() {
        return CheckCatalog.entry(code);
    }
}
