package dev.attune.dataset;

import dev.attune.text.TextException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tokens of all rows.
 *
 * @param total tokens of a row
 * @param trained trained tokens of a row
 * @param context the most tokens that the model takes in one row; 0 where it is not known
 * @param tooLong rows with more tokens than that
 * @param truncation what is lost where such rows are cut; {@link Truncation#NONE} where they are refused
 * @param perRow the tokens of each row that could be counted, in the file's order
 * @param problems rows that are too long, cannot be written by the template, or train nothing
 */
public record TokenStatistics(Distribution total, Distribution trained, int context, int tooLong,
        Truncation truncation, List<TokenCount> perRow, List<Problem> problems) {
    private static final int LINES_NAMED = 5;

    public TokenStatistics {
        perRow = List.copyOf(perRow);
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
        private final List<TokenCount> counts = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();
        private final Map<String, List<Integer>> failures = new LinkedHashMap<>();
        private final List<Integer> over = new ArrayList<>();
        private final List<Integer> emptied = new ArrayList<>();
        private long tokensCut;
        private long trainedCut;

        /** @param context the most tokens that the model takes in one row; 0 where it is not known */
        public Tally(TokenCounter counter, int context, Overlong overlong) {
            this.counter = counter;
            this.context = context;
            this.overlong = overlong;
        }

        /** Counts a row. */
        public void add(Row row) {
            TokenCount count;
            try {
                count = counter.count(row.conversation());
            } catch (TextException e) {
                failures.computeIfAbsent(String.valueOf(e.getMessage()), message -> new ArrayList<>()).add(row.line());
                return;
            }
            counts.add(count);
            if (context > 0 && count.total() > context) {
                over.add(row.line());
            }
            if (overlong == Overlong.REFUSED || count.trained() == 0) {
                ExampleLength.problem(row.line(), count, overlong == Overlong.REFUSED ? context : 0)
                        .ifPresent(problems::add);
            } else if (context > 0 && count.total() > context) {
                cut(row, count);
            }
        }

        private void cut(Row row, TokenCount whole) {
            TokenCount left = counter.cut(row.conversation(), context);
            tokensCut += whole.total() - left.total();
            trainedCut += whole.trained() - left.trained();
            if (left.trained() == 0) {
                emptied.add(row.line());
                problems.add(new Problem("no_trained_tokens", Severity.ERROR, row.line(), "",
                        "the row has %,d tokens and is cut at %,d, before its first trained token; shorten what stands before the answer"
                                .formatted(whole.total(), context),
                        Findings.excerpt(row.output())));
            }
        }

        /** The statistics of all rows added. */
        public TokenStatistics finish() {
            var all = new ArrayList<>(problems);
            var truncation = overlong == Overlong.CUT && context > 0
                    ? new Truncation(context, over.size(), tokensCut, trainedCut, emptied)
                    : Truncation.NONE;
            if (truncation.rows() > 0) {
                all.add(truncated(truncation));
            }
            failures.forEach((message, lines) -> all.add(new Problem("not_encodable", Severity.ERROR, lines.getFirst(),
                    "", (lines.size() > 1 ? lines.size() + " rows, this one first, cannot" : "the row cannot")
                            + " be written in the model's chat template: " + message,
                    "")));
            return new TokenStatistics(Distribution.of(counts.stream().mapToLong(TokenCount::total).toArray()),
                    Distribution.of(counts.stream().mapToLong(TokenCount::trained).toArray()), context, over.size(),
                    truncation, counts, all);
        }

        private Problem truncated(Truncation cut) {
            List<String> named = over.stream().limit(LINES_NAMED).map(String::valueOf).toList();
            return Problem.ofFile("example_truncated", Severity.WARNING,
                    "%,d examples may be over the %d token limit, they will be truncated during fine-tuning: %,d tokens, %,d of them trained, are lost at the end of line%s %s%s; shorten or split them"
                            .formatted(cut.rows(), cut.limit(), cut.tokens(), cut.trainedTokens(),
                                    cut.rows() == 1 ? "" : "s", String.join(", ", named),
                                    cut.rows() > LINES_NAMED ? " and others" : ""));
        }
    }
}
