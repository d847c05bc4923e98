package dev.attune.workflow;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** Picks rows that show a tuned model as it is: its gains, its misses, and some variety. */
final class ExamplePicker {
    private final List<Comparison> rows;
    private final String scorer;
    private final List<Comparison> picked = new ArrayList<>();

    ExamplePicker(List<Comparison> rows, String scorer) {
        this.rows = rows;
        this.scorer = scorer;
    }

    List<Comparison> pick(int count) {
        Predicate<Comparison> gained = row -> !row.baseRight(scorer) && row.tunedRight(scorer);
        Predicate<Comparison> spoiled = row -> row.baseRight(scorer) && !row.tunedRight(scorer);
        Predicate<Comparison> missed = row -> !row.tunedRight(scorer);
        take(count, gained);
        if (!take(count, spoiled)) {
            take(count, missed);
        }
        while (take(count, gained) || take(count, row -> true)) {
            continue;
        }
        return List.copyOf(picked);
    }

    /** Takes the row most unlike those taken; among equals the earliest of ordinary length. */
    private boolean take(int count, Predicate<Comparison> wanted) {
        if (picked.size() >= count) {
            return false;
        }
        int median = rows.isEmpty()
                ? 0
                : rows.stream().mapToInt(r -> r.question().length()).sorted().toArray()[rows.size() / 2];
        var best = rows.stream().filter(wanted).filter(row -> !picked.contains(row))
                .min(Comparator.comparingDouble((Comparison row) -> likeness(row))
                        .thenComparingInt(row -> Math.abs(row.question().length() - median))
                        .thenComparingInt(Comparison::line));
        best.ifPresent(picked::add);
        return best.isPresent();
    }

    private double likeness(Comparison row) {
        return picked.stream().mapToDouble(other -> jaccard(words(row), words(other))).max().orElse(0);
    }

    private static Set<String> words(Comparison row) {
        return new HashSet<>(List.of((row.question() + " " + row.expected()).toLowerCase(Locale.ROOT).split("\\W+")));
    }

    private static double jaccard(Set<String> a, Set<String> b) {
        long common = a.stream().filter(b::contains).count();
        return (double) common / Math.max(1, a.size() + b.size() - common);
    }
}
