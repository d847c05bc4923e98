package dev.attune.dataset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Contradictions decided by count: of rows that ask the same and answer differently, those with the commonest answer stay;
 * where no answer is the commonest, none do. Immutable.
 *
 * @param rows those that stay, in order
 * @param leftOut a problem for each row that does not
 */
public record Settlement(List<Row> rows, List<Problem> leftOut) {
    public Settlement {
        rows = List.copyOf(rows);
        leftOut = List.copyOf(leftOut);
    }

    /** Decides. Questions and answers are the same where they are but for case, white space and the layout of JSON. */
    public static Settlement of(List<Row> rows) {
        var byQuestion = new LinkedHashMap<String, Map<String, Integer>>();
        for (Row row : rows) {
            byQuestion.computeIfAbsent(NormalText.inputKey(row), key -> new HashMap<>())
                    .merge(NormalText.outputKey(row), 1, Integer::sum);
        }
        var kept = new ArrayList<Row>();
        var leftOut = new ArrayList<Problem>();
        for (Row row : rows) {
            Map<String, Integer> answers = byQuestion.getOrDefault(NormalText.inputKey(row), Map.of());
            int most = Collections.max(answers.values());
            boolean decided = answers.values().stream().filter(count -> count == most).count() == 1;
            if (decided && answers.getOrDefault(NormalText.outputKey(row), 0) == most) {
                kept.add(row);
            } else {
                leftOut.add(new Problem("contradiction_settled", Severity.WARNING, row.line(), "",
                        decided
                                ? "the row is left out: most rows that ask the same answer otherwise"
                                : "the row is left out: the rows that ask the same agree on no answer",
                        Findings.excerpt(row.output())));
            }
        }
        return new Settlement(kept, leftOut);
    }
}
