package dev.attune.dataset;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/**
 * What a file holds, counted without keeping it. Immutable.
 *
 * @param examples rows of the file, faulty ones included
 * @param messages messages of the rows that can be trained on
 * @param total tokens of such a row
 * @param trained trained tokens of such a row
 * @param perRow the tokens of each such row, in the file's order; held in 8 bytes a row
 * @param problems what is wrong, in the file's order, at most {@value #MOST_PROBLEMS}
 * @param errors how many errors there are in all, those left out of {@code problems} included
 */
public record FileCounts(long examples, long messages, Distribution total, Distribution trained,
        List<TokenCount> perRow, List<Problem> problems, long errors) {
    /** More problems than this are counted, not kept. */
    public static final int MOST_PROBLEMS = 1_000;

    public FileCounts {
        problems = List.copyOf(problems);
    }

    public boolean hasErrors() {
        return errors > 0;
    }

    /** The counts as the pieces of a file come in, in its order. */
    static final class Gathering {
        private final List<Problem> problems = new ArrayList<>();
        private long errors;
        private long examples;
        private long messages;
        private int lines;
        private int blank;
        private int firstBlank;
        private int rows;
        private int[] totals = new int[1 << 10];
        private int[] trained = new int[1 << 10];

        void problem(Problem problem) {
            errors += problem.isError() ? 1 : 0;
            if (problems.size() < MOST_PROBLEMS) {
                problems.add(problem);
            }
        }

        /** Takes in a piece; false where its file is of another kind, so that going on makes no sense. */
        boolean add(ChunkCensus.Result piece) {
            for (Problem problem : piece.problems) {
                problem(problem.line() == 0
                        ? problem
                        : new Problem(problem.code(), problem.severity(), problem.line() + lines, problem.pointer(),
                                problem.message(), problem.excerpt()));
            }
            if (blank == 0 && piece.blank > 0) {
                firstBlank = lines + piece.firstBlank;
            }
            blank += piece.blank;
            examples += piece.examples;
            messages += piece.messages;
            lines += piece.lines;
            if (rows + piece.rows > totals.length) {
                int room = Math.max(rows + piece.rows, totals.length * 2);
                totals = Arrays.copyOf(totals, room);
                trained = Arrays.copyOf(trained, room);
            }
            System.arraycopy(piece.totals, 0, totals, rows, piece.rows);
            System.arraycopy(piece.trained, 0, trained, rows, piece.rows);
            rows += piece.rows;
            return !piece.stopped;
        }

        /** What can only be said at the end of a file. */
        void end(String name, FilePart part) {
            StrictLines.blank(blank, firstBlank, this::problem);
            StrictLines.enough(name, (int) Math.min(examples, Integer.MAX_VALUE), part, this::problem);
        }

        FileCounts done() {
            var perRow = new PerRow(Arrays.copyOf(totals, rows), Arrays.copyOf(trained, rows));
            return new FileCounts(examples, messages, distribution(perRow.totals), distribution(perRow.trained), perRow,
                    problems, errors);
        }

        private static Distribution distribution(int[] values) {
            return Distribution.of(Arrays.stream(values).asLongStream().toArray());
        }
    }

    /** Counts as a list, made when they are asked for. */
    private static final class PerRow extends AbstractList<TokenCount> implements RandomAccess {
        private final int[] totals;
        private final int[] trained;

        PerRow(int[] totals, int[] trained) {
            this.totals = totals;
            this.trained = trained;
        }

        @Override
        public TokenCount get(int index) {
            return new TokenCount(totals[index], trained[index]);
        }

        @Override
        public int size() {
            return totals.length;
        }
    }
}
