package dev.attune.dataset;

import dev.attune.text.Conversation;
import dev.attune.text.TextException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The tokens of all rows.
 *
 * @param total tokens of a row
 * @param trained trained tokens of a row
 * @param context the most tokens that the model takes in one row; 0 where it is not known
 * @param tooLong rows with more tokens than that
 * @param truncation what is lost where such rows are cut; {@link Truncation#NONE} where they are refused
 * @param perRow the tokens of each row that could be counted, in the file's order; held in 8 bytes a row where a tally made it
 * @param problems rows that are too long, cannot be written by the template, or train nothing
 */
public record TokenStatistics(Distribution total, Distribution trained, int context, int tooLong,
        Truncation truncation, List<TokenCount> perRow, List<Problem> problems) {
    private static final int LINES_NAMED = 5;
    private static final int MOST_REASONS = 100;

    public TokenStatistics {
        perRow = perRow instanceof TokenCounts ? perRow : List.copyOf(perRow);
        problems = List.copyOf(problems);
    }

    /**
     * Counts.
     *
     * @param context the most tokens that the model takes in one row; 0 where it is not known
     */
    public static TokenStatistics of(List<Row> rows, TokenCounter counter, int context, Overlong overlong) {
        var tally = new Tally(counter, context, overlong);
        rows.forEach(tally::add);
        return tally.finish();
    }

    /** Counts row by row; of each row only its numbers are kept. Not thread-safe. */
    public static final class Tally {
        private final TokenCounter counter;
        private final int context;
        private final Overlong overlong;
        private final Consumer<Problem> rowProblems;
        private final List<Problem> problems = new ArrayList<>();
        private final TokenCounts counts = new TokenCounts();
        private final ValueCounts totals = new ValueCounts();
        private final ValueCounts trained = new ValueCounts();
        private final Map<String, Failure> failures = new LinkedHashMap<>();
        private final List<Integer> firstOver = new ArrayList<>();
        private final List<Integer> emptied = new ArrayList<>();
        private int over;
        private long tokensCut;
        private long trainedCut;

        /** Rows that the template refuses for one reason. */
        private static final class Failure {
            final int line;
            int rows;

            Failure(int line) {
                this.line = line;
            }
        }

        /**
         * A tally that keeps the problems of rows.
         *
         * @param context the most tokens that the model takes in one row; 0 where it is not known
         */
        public Tally(TokenCounter counter, int context, Overlong overlong) {
            this.counter = counter;
            this.context = context;
            this.overlong = overlong;
            this.rowProblems = problems::add;
        }

        /**
         * A tally whose memory does not grow with the problems.
         *
         * @param context the most tokens that the model takes in one row; 0 where it is not known
         * @param rowProblems told what is wrong with single rows, which {@link #finish} then leaves out
         */
        public Tally(TokenCounter counter, int context, Overlong overlong, Consumer<Problem> rowProblems) {
            this.counter = counter;
            this.context = context;
            this.overlong = overlong;
            this.rowProblems = rowProblems;
        }

        /** Counts a row. */
        public void add(Row row) {
            look(row).run();
        }

        /**
         * Counts a row's tokens, on any thread.
         *
         * @return what adds them; run one after the other, in the order of the rows
         */
        public Runnable look(Row row) {
            try {
                Counted counted = counted(row);
                return () -> add(row, counted);
            } catch (TextException e) {
                return () -> failed(String.valueOf(e.getMessage()), row.line());
            }
        }

        /**
         * A row's tokens.
         *
         * @param count all of them; of a pair the question once, and both answers
         * @param longest of what is trained on in one piece
         */
        private record Counted(TokenCount count, int longest) {}

        private Counted counted(Row row) {
            TokenCount count = counter.count(row.conversation());
            if (row.rejected().isEmpty()) {
                return new Counted(count, count.total());
            }
            TokenCount other = counter.count(row.conversations().getLast());
            TokenCount question = counter.count(new Conversation(row.input(), row.conversation().tools()));
            return new Counted(new TokenCount(count.total() + other.total() - question.total(),
                    count.trained() + other.trained()), Math.max(count.total(), other.total()));
        }

        /** Adds a row of which nothing is to be said but its numbers: neither too long nor without trained tokens. */
        public void add(TokenCount count) {
            counts.append(count);
            totals.add(count.total());
            trained.add(count.trained());
        }

        private void add(Row row, Counted counted) {
            TokenCount count = counted.count;
            add(count);
            if (context > 0 && counted.longest > context) {
                over++;
                if (firstOver.size() < LINES_NAMED) {
                    firstOver.add(row.line());
                }
            }
            if (overlong == Overlong.REFUSED || count.trained() == 0) {
                ExampleLength.problem(row.line(), count, overlong == Overlong.REFUSED ? context : 0)
                        .ifPresent(rowProblems);
            } else if (context > 0 && counted.longest > context) {
                cut(row, counted.longest);
            }
        }

        private void failed(String message, int line) {
            String reason = failures.size() < MOST_REASONS || failures.containsKey(message)
                    ? message
                    : "there are further reasons";
            failures.computeIfAbsent(reason, key -> new Failure(line)).rows++;
        }

        private void cut(Row row, int longest) {
            boolean nothingLeft = false;
            for (Conversation conversation : row.conversations()) {
                TokenCount whole = counter.count(conversation);
                TokenCount left = counter.cut(conversation, context);
                tokensCut += whole.total() - left.total();
                trainedCut += whole.trained() - left.trained();
                nothingLeft |= left.trained() == 0;
            }
            if (nothingLeft) {
                emptied.add(row.line());
                rowProblems.accept(new Problem("no_trained_tokens", Severity.ERROR, row.line(), "",
                        "the row has %,d tokens and is cut at %,d, before its first trained token; shorten what stands before the answer"
                                .formatted(longest, context),
                        Findings.excerpt(row.output())));
            }
        }

        /** The statistics of all rows added. */
        public TokenStatistics finish() {
            var all = new ArrayList<>(problems);
            var truncation = overlong == Overlong.CUT && context > 0
                    ? new Truncation(context, over, tokensCut, trainedCut, emptied)
                    : Truncation.NONE;
            if (truncation.rows() > 0) {
                all.add(truncated(truncation));
            }
            failures.forEach((message, failure) -> all.add(new Problem("not_encodable", Severity.ERROR, failure.line,
                    "", (failure.rows > 1 ? failure.rows + " rows, this one first, cannot" : "the row cannot")
                            + " be written in the model's chat template: " + message,
                    "")));
            return new TokenStatistics(totals.distribution(), trained.distribution(), context, over, truncation, counts,
                    all);
        }

        private Problem truncated(Truncation cut) {
            List<String> named = firstOver.stream().map(String::valueOf).toList();
            return Problem.ofFile("example_truncated", Severity.WARNING,
                    "%,d examples may be over the %d token limit, they will be truncated during fine-tuning: %,d tokens, %,d of them trained, are lost at the end of line%s %s%s; shorten or split them"
                            .formatted(cut.rows(), cut.limit(), cut.tokens(), cut.trainedTokens(),
                                    cut.rows() == 1 ? "" : "s", String.join(", ", named),
                                    cut.rows() > LINES_NAMED ? " and others" : ""));
        }
    }
}
