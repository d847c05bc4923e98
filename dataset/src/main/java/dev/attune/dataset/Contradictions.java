package dev.attune.dataset;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Rows that ask the same, or nearly, and answer differently. Where there is one right answer, a label or fields, that is an
 * error; where text is to be written, a warning.
 *
 * @param groups lines of each group of rows with one question and several answers
 * @param near pairs of rows that ask nearly the same and say different things; none where so many do that the rows must be
 *            fillings of one template
 * @param answers what the answers are
 * @param conflictRate the share of the rows that stand in {@code groups}
 * @param accuracyCeiling the best share of these rows that any model can answer as written: 1 − Σ_g (n_g − m_g) / n, where
 *            m_g is how often the commonest answer of question g stands; 1 without contradictions
 */
public record Contradictions(List<List<Integer>> groups, List<Near> near, AnswerKind answers, double conflictRate,
        double accuracyCeiling) {
    /** Beyond this share of rows that are near and differ, what differs is what the answers are about. */
    static final double TEMPLATE_SHARE = 0.2;

    /** Two rows, by their lines, and the Jaccard similarity of their questions. */
    public record Near(int line, int other, double similarity) {}

    public Contradictions {
        groups = List.copyOf(groups);
        near = List.copyOf(near);
    }

    static Contradictions of(List<Row> rows) {
        return of(rows, NearDuplicates.from(AnswerConflict.NEAR));
    }

    static Contradictions of(List<Row> rows, NearDuplicates duplicates) {
        var byInput = new LinkedHashMap<String, List<Row>>();
        rows.forEach(row -> byInput.computeIfAbsent(NormalText.inputKey(row), key -> new ArrayList<>(1)).add(row));
        var groups = new ArrayList<List<Integer>>();
        int lost = 0;
        int inConflict = 0;
        for (List<Row> group : byInput.values()) {
            if (group.size() == 1) {
                continue;
            }
            Map<String, Integer> answers = new HashMap<>();
            group.forEach(row -> answers.merge(NormalText.outputKey(row), 1, Integer::sum));
            if (answers.size() > 1) {
                groups.add(group.stream().map(Row::line).toList());
                inConflict += group.size();
                lost += group.size() - answers.values().stream().max(Integer::compare).orElse(0);
            }
        }
        AnswerKind kind = AnswerKind.of(rows);
        double all = Math.max(1, rows.size());
        return new Contradictions(groups, near(rows, kind, duplicates), kind, inConflict / all, 1 - lost / all);
    }

    private static List<Near> near(List<Row> rows, AnswerKind kind, NearDuplicates duplicates) {
        var first = new LinkedHashMap<String, Row>();
        rows.forEach(row -> first.putIfAbsent(NormalText.question(row), row));
        List<Row> asked = List.copyOf(first.values());
        var found = new TreeMap<List<Integer>, Near>(
                Comparator.<List<Integer>>comparingInt(List::getFirst).thenComparingInt(List::getLast));
        duplicates.pairs(List.copyOf(first.keySet()), (i, j) -> false,
                (i, j, similarity) -> {
                    Row one = asked.get(i);
                    Row other = asked.get(j);
                    if (AnswerConflict.of(one).with(AnswerConflict.of(other), kind)) {
                        found.merge(List.of(one.line(), other.line()), new Near(one.line(), other.line(), similarity),
                                (a, b) -> a.similarity >= b.similarity ? a : b);
                    }
                });
        return unlessTemplate(List.copyOf(found.values()), rows.size());
    }

    static List<Near> unlessTemplate(List<Near> near, long rows) {
        Set<Integer> lines = new HashSet<>();
        near.forEach(pair -> {
            lines.add(pair.line);
            lines.add(pair.other);
        });
        return lines.size() > Math.max(2, TEMPLATE_SHARE * rows) ? List.of() : near;
    }

    /** How many rows stand in a contradiction. */
    public int rows() {
        return groups.stream().mapToInt(List::size).sum();
    }

    List<Problem> problems() {
        var problems = new ArrayList<Problem>();
        groups.forEach(lines -> problems.add(problem(lines, answers)));
        near.forEach(pair -> problems.add(problem(pair, answers)));
        return problems;
    }

    static Problem problem(List<Integer> lines, AnswerKind answers) {
        return new Problem("contradiction", answers.isClosed() ? Severity.ERROR : Severity.WARNING, lines.get(1), "",
                "the row asks the same as line" + (lines.size() > 2 ? "s " : " ")
                        + lines.stream().filter(line -> !line.equals(lines.get(1))).limit(5).map(String::valueOf)
                                .collect(Collectors.joining(", "))
                        + (lines.size() > 6 ? " and others" : "")
                        + (lines.size() > 2
                                ? ", and they do not all answer alike; decide for one answer"
                                : " and answers differently; decide for one answer"),
                "");
    }

    static Problem problem(Near pair, AnswerKind answers) {
        return new Problem("near_contradiction", answers.isClosed() ? Severity.WARNING : Severity.ADVICE, pair.other,
                "", "the row asks nearly the same as line " + pair.line
                        + " and answers differently; decide for one answer, or say in the question what makes the difference",
                "");
    }
}
