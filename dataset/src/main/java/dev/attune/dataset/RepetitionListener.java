package dev.attune.dataset;

import java.util.List;

/**
 * Told what a {@link RepetitionScan} finds, file by file, each kind in the order of the first lines. Lines of a group are
 * its first 1,000.
 */
public interface RepetitionListener {
    /**
     * Rows that are equal but for case, white space and the layout of JSON.
     *
     * @param lines the first lines of the group, in order
     * @param rows how many rows the group has
     */
    void duplicates(String file, List<Integer> lines, long rows);

    /** Rows that say nearly the same, of which not all are equal; parameters as in {@link #duplicates}. */
    void nearDuplicates(String file, List<Integer> lines, long rows);

    /** Rows that ask the same and answer differently; parameters as in {@link #duplicates}. */
    void contradiction(String file, AnswerKind answers, List<Integer> lines, long rows);

    /** Two rows that ask nearly the same and say different things. */
    void nearContradiction(String file, AnswerKind answers, Contradictions.Near near);

    /** A row of one file that is known from another. */
    void leak(Leak leak);

    /** Told the file and the problem for each thing found. */
    @FunctionalInterface
    interface Problems {
        void problem(String file, Problem problem);
    }

    /** A listener that is told problems, in the words of {@link DatasetReport}. */
    static RepetitionListener of(Problems problems) {
        return new RepetitionListener() {
            @Override
            public void duplicates(String file, List<Integer> lines, long rows) {
                problems.problem(file, Duplicates.exactProblem(lines, rows));
            }

            @Override
            public void nearDuplicates(String file, List<Integer> lines, long rows) {
                problems.problem(file, Duplicates.nearProblem(lines, rows));
            }

            @Override
            public void contradiction(String file, AnswerKind answers, List<Integer> lines, long rows) {
                problems.problem(file, Contradictions.problem(lines, answers));
            }

            @Override
            public void nearContradiction(String file, AnswerKind answers, Contradictions.Near near) {
                problems.problem(file, Contradictions.problem(near, answers));
            }

            @Override
            public void leak(Leak leak) {
                problems.problem(leak.heldOut(), leak.problem());
            }
        };
    }
}
