package dev.attune.dataset;

import dev.attune.text.Message;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The value of each row that every part of a split should have in its share.
 *
 * @param by in words
 * @param values one for each row
 */
record Strata(String by, List<String> values) {
    private static final int SHORTEST = 64;
    private static final int STEP = 4;

    /** By the plan's key; else by the label that the answers are; else by length and source. */
    static Strata of(List<Row> rows, SplitPlan plan) {
        if (!plan.stratum().isNone()) {
            return new Strata("the key '" + plan.stratum() + "'",
                    rows.stream().map(row -> plan.stratum().in(row).orElse("(none)")).toList());
        }
        var labels = LabelBalance.of(rows);
        if (!labels.isEmpty()) {
            String field = LabelBalance.finest(labels).field();
            return new Strata(field.isEmpty() ? "the answer" : "the answer's field '" + field + "'",
                    LabelBalance.strata(rows));
        }
        List<String> sources = rows.stream().map(row -> plan.source().in(row).orElse("")).toList();
        boolean sourced = sources.stream().distinct().count() > 1;
        return new Strata(sourced ? "length and source" : "length", IntStream.range(0, rows.size())
                .mapToObj(i -> length(rows.get(i))
                        + (sourced ? ", " + (sources.get(i).isEmpty() ? "(none)" : sources.get(i)) : ""))
                .toList());
    }

    /** Buckets of four times the length of the one before, which appended rows do not shift. */
    private static String length(Row row) {
        long characters = row.conversation().messages().stream().map(Message::content).mapToLong(String::length).sum();
        long end = SHORTEST;
        while (characters >= end) {
            end *= STEP;
        }
        return end == SHORTEST
                ? "below " + SHORTEST + " characters"
                : String.format(Locale.ROOT, "%d to %d characters", end / STEP, end - 1);
    }
}
