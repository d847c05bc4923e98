package dev.attune.dataset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How often each value of a label stands in the answers, where there are few: the whole answer, or one field of it where
 * answers are JSON objects.
 *
 * @param field the JSON field; empty where the whole answer is the label
 * @param counts rows of each value, the commonest first
 */
public record LabelBalance(String field, Map<String, Integer> counts) {
    static final int MAXIMUM_LABELS = 50;
    static final int MAXIMUM_LABEL_LENGTH = 80;
    private static final int FEW = 10;
    private static final double LOPSIDED = 10;
    private static final double LITTLE_VARIED = 0.5;

    public LabelBalance {
        counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    }

    /** The labels that rows have; none where answers are free text. */
    static List<LabelBalance> of(List<Row> rows) {
        var tally = new LabelTally();
        rows.forEach(tally::add);
        return tally.labels();
    }

    /** The value of each row by which parts of a split are made alike; one value for all where there is no label. */
    static List<String> strata(List<Row> rows) {
        List<LabelBalance> labels = of(rows);
        if (labels.isEmpty()) {
            return Collections.nCopies(rows.size(), "");
        }
        String field = finest(labels).field;
        return rows.stream().map(row -> field.isEmpty() ? row.output().strip() : value(row, field)).toList();
    }

    /** The label with the most values. */
    static LabelBalance finest(List<LabelBalance> labels) {
        LabelBalance finest = labels.getFirst();
        for (LabelBalance label : labels) {
            finest = label.counts.size() > finest.counts.size() ? label : finest;
        }
        return finest;
    }

    private static String value(Row row, String field) {
        return StrictJson.parse(row.output().strip()).value() instanceof Map<?, ?> object
                ? String.valueOf(object.get(field))
                : "";
    }

    /** exp(H), H the entropy of the values: how many equally common ones would be as varied. */
    public double effectiveLabels() {
        double total = counts.values().stream().mapToInt(Integer::intValue).sum();
        return Math.exp(-counts.values().stream().mapToDouble(count -> count / total * Math.log(count / total)).sum());
    }

    List<Problem> problems() {
        var problems = new ArrayList<Problem>();
        String what = field.isEmpty() ? "the answers" : "the field '" + field + "'";
        if (counts.size() == 1) {
            problems.add(Problem.ofFile("one_label", Severity.WARNING,
                    "in all rows " + what + " is '" + counts.keySet().iterator().next()
                            + "', so there is nothing to tell apart"));
            return problems;
        }
        int most = Collections.max(counts.values());
        int least = Collections.min(counts.values());
        if (most >= LOPSIDED * least || effectiveLabels() < LITTLE_VARIED * counts.size()) {
            problems.add(Problem.ofFile("label_imbalance", Severity.ADVICE, "in " + what + String.format(Locale.ROOT,
                    " the commonest of %d values stands %d times and the rarest %d times, as varied as %.1f equally common ones; add rows for the rare ones",
                    counts.size(), most, least, effectiveLabels())));
        }
        List<String> rare = counts.entrySet().stream().filter(entry -> entry.getValue() < FEW).map(Map.Entry::getKey)
                .toList();
        if (!rare.isEmpty()) {
            problems.add(Problem.ofFile("rare_label", Severity.ADVICE,
                    "in " + what + " fewer than " + FEW + " rows have the value "
                            + String.join(", ", rare.subList(0, Math.min(5, rare.size())))
                            + (rare.size() > 5 ? " and " + (rare.size() - 5) + " more" : "")
                            + ", which is hard to learn and cannot be measured"));
        }
        return problems;
    }
}
