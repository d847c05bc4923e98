package dev.attune.dataset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Rows that ask the same and answer differently.
 *
 * @param groups lines of each group of rows with one question and several answers
 * @param accuracyCeiling the best share of these rows that any model can answer as written: 1 − Σ_g (n_g − m_g) / n, where
 *            m_g is how often the commonest answer of question g stands; 1 without contradictions
 */
public record Contradictions(List<List<Integer>> groups, double accuracyCeiling) {

    static Contradictions of(List<Row> rows) {
        var byInput = new LinkedHashMap<String, List<Row>>();
        rows.forEach(row -> byInput.computeIfAbsent(NormalText.inputKey(row), key -> new ArrayList<>(1)).add(row));
        var groups = new ArrayList<List<Integer>>();
        int lost = 0;
        for (List<Row> group : byInput.values()) {
            if (group.size() == 1) {
                continue;
            }
            Map<String, Integer> answers = new HashMap<>();
            group.forEach(row -> answers.merge(NormalText.outputKey(row), 1, Integer::sum));
            if (answers.size() > 1) {
                groups.add(group.stream().map(Row::line).toList());
                lost += group.size() - answers.values().stream().max(Integer::compare).orElse(0);
            }
        }
        return new Contradictions(List.copyOf(groups), rows.isEmpty() ? 1 : 1 - (double) lost / rows.size());
    }

    /** How many rows stand in a contradiction. */
    public int rows() {
        return groups.stream().mapToInt(List::size).sum();
    }

    List<Problem> problems() {
        return groups.stream().map(lines -> new Problem("contradiction", Severity.WARNING, lines.get(1), "",
                "the row asks the same as line" + (lines.size() > 2 ? "s " : " ")
                        + lines.stream().filter(line -> !line.equals(lines.get(1))).limit(5).map(String::valueOf)
                                .collect(Collectors.joining(", "))
                        + (lines.size() > 6 ? " and others" : "")
                        + (lines.size() > 2
                                ? ", and they do not all answer alike; decide for one answer"
                                : " and answers differently; decide for one answer"),
                "")).toList();
    }
}
