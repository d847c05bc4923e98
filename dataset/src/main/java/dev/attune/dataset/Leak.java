package dev.attune.dataset;

/**
 * A row kept for measuring that was, in one way or another, trained on. Immutable.
 *
 * @param heldOut the file that measures
 * @param heldOutLine the row's line in it, the first is 1
 * @param training the file that was trained on, or is measured with before
 * @param trainingLine the row's line in it
 * @param similarity the Jaccard similarity of the two questions where they are near; else 1
 * @param excerpt the held-out question, shortened
 */
public record Leak(Kind kind, String heldOut, int heldOutLine, String training, int trainingLine, double similarity,
        String excerpt) {

    /** How the two rows are one, the strongest first. */
    public enum Kind {
        SAME_QUESTION("leaked_row", Severity.WARNING), NEAR_QUESTION("leaked_row", Severity.WARNING),
        /** Both have the same value of the group key. */
        SAME_GROUP("leaked_group", Severity.WARNING),
        /** They differ in numbers and names only. */
        SAME_TEMPLATE("leaked_template", Severity.ADVICE);

        private final String code;
        private final Severity severity;

        Kind(String code, Severity severity) {
            this.code = code;
            this.severity = severity;
        }

        public String code() {
            return code;
        }

        public Severity severity() {
            return severity;
        }
    }

    /** As a problem of the held-out file. */
    public Problem problem() {
        String where = "line " + trainingLine + " of " + training;
        return new Problem(kind.code, kind.severity, heldOutLine, "", switch (kind) {
            case SAME_QUESTION -> "the row asks the same as " + where
                    + ", so it measures what was learned by heart; remove one of the two";
            case NEAR_QUESTION -> "the row asks nearly the same as " + where
                    + ", so it measures what was learned by heart; remove one of the two";
            case SAME_GROUP -> "the row belongs to the same group as " + where
                    + ", so it measures less than a new one would; keep each group in one file";
            case SAME_TEMPLATE -> "the row differs from " + where
                    + " in numbers and names only; add rows that are put in other words";
        }, excerpt);
    }
}
