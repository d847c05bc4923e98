package dev.attune.dataset;

/**
 * How much of one file repeats or contradicts itself, or is known from files before it.
 *
 * @param file as it was named
 * @param rows rows that can be trained on
 * @param exactSurplus rows that would go if each group of equal rows kept one
 * @param nearSurplus rows that would go if each group of near-duplicates kept one
 * @param conflicting rows that stand in a contradiction
 * @param answers what the answers are
 * @param accuracyCeiling as in {@link Contradictions}
 * @param leaked rows that are known from a file that was read before, each counted once for each such file
 */
public record Repetitions(String file, FilePart part, long rows, long exactSurplus, long nearSurplus, long conflicting,
        AnswerKind answers, double accuracyCeiling, long leaked) {
    /** The share of the rows that stand in a contradiction. */
    public double conflictRate() {
        return rows == 0 ? 0 : (double) conflicting / rows;
    }
}
