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
 * @param perRow the tokens of each row that could be counted, in the file's order
 * @param problems rows that are too long, cannot be written by the template, or train nothing
 */
public record TokenStatistics(Distribution total, Distribution trained, int context, int tooLong,
        List<TokenCount> perRow,
        List<Problem> problems) {
    public TokenStatistics {
        perRow = List.copyOf(perRow);
        problems = List.copyOf(problems);
    }

    /**
     * Counts.
     *
     * @param context the most tokens that the model takes in one row; 0 where it is not known
     */
    static TokenStatistics of(List<Row> rows, TokenCounter counter, int context) {
        var counts = new ArrayList<TokenCount>(rows.size());
        var problems = new ArrayList<Problem>();
        Map<String, List<Integer>> failures = new LinkedHashMap<>();
        int tooLong = 0;
        for (Row row : rows) {
            TokenCount count;
            try {
                count = counter.count(row.conversation());
            } catch (TextException e) {
                failures.computeIfAbsent(String.valueOf(e.getMessage()), message -> new ArrayList<>()).add(row.line());
                continue;
            }
            counts.add(count);
            if (context > 0 && count.total() > context) {
                tooLong++;
                problems.add(new Problem("example_too_long", Severity.ERROR, row.line(), "",
                        "the row has %,d tokens, but the model takes at most %,d; shorten it or split it".formatted(
                                count.total(),
                                context),
                        Findings.excerpt(row.output())));
            }
            if (count.trained() == 0) {
                problems.add(new Problem("no_trained_tokens", Severity.ERROR, row.line(), "",
                        "the row has no token that would be trained; give an assistant message text and the weight 1",
                        ""));
            }
        }
        failures.forEach((message,
                lines) -> problems.add(new Problem("not_encodable", Severity.ERROR, lines.getFirst(), "",
                        (lines.size() > 1 ? lines.size() + " rows, this one first, cannot" : "the row cannot")
                                + " be written in the model's chat template: " + message,
                        "")));
        return new TokenStatistics(Distribution.of(counts.stream().mapToLong(TokenCount::total).toArray()),
                Distribution.of(counts.stream().mapToLong(TokenCount::trained).toArray()), context, tooLong, counts,
                problems);
    }
}
