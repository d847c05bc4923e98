package dev.attune.dataset;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Rows kept for measuring that were trained on: what they show is memory, not skill. Instructions above a conversation are
 * not compared. Thread-safe.
 */
public final class Leakage {
    private final Dataset training;
    private final Dataset heldOut;
    private final Map<Integer, Leak> found = new TreeMap<>();

    private Leakage(Dataset training, Dataset heldOut) {
        this.training = training;
        this.heldOut = heldOut;
    }

    /**
     * Looks for rows of one file that are known from the training file.
     *
     * @param heldOut the rows that measure; each is named at most once
     * @return in the order of the held-out rows
     */
    public static List<Problem> between(Dataset training, Dataset heldOut) {
        return find(training, heldOut, RowKey.NONE).stream().map(Leak::problem).toList();
    }

    /**
     * Looks for rows of one file that are known from another.
     *
     * @param group rows of one value are known from each other; may be {@link RowKey#NONE}
     * @return at most one for each held-out row, the strongest kind and then the nearest and first row, in the order of the
     *         held-out rows
     */
    public static List<Leak> find(Dataset training, Dataset heldOut, RowKey group) {
        return find(training, heldOut, group, new NearDuplicates());
    }

    static List<Leak> find(Dataset training, Dataset heldOut, RowKey group, NearDuplicates near) {
        var leakage = new Leakage(training, heldOut);
        leakage.same(Leak.Kind.SAME_QUESTION, NormalText::question);
        leakage.near(near);
        leakage.same(Leak.Kind.SAME_GROUP, row -> group.in(row).orElse(""));
        leakage.same(Leak.Kind.SAME_TEMPLATE, MaskedText::of);
        Collection<Leak> inOrder = leakage.found.values();
        return List.copyOf(inOrder);
    }

    private void same(Leak.Kind kind, Function<Row, String> key) {
        var first = new HashMap<String, Row>();
        training.rows().forEach(row -> first.putIfAbsent(key.apply(row), row));
        first.remove("");
        for (int i = 0; i < heldOut.rows().size(); i++) {
            Row row = heldOut.rows().get(i);
            Row same = found.containsKey(i) ? null : first.get(key.apply(row));
            if (same != null) {
                found.put(i, leak(kind, row, same, 1));
            }
        }
    }

    private void near(NearDuplicates duplicates) {
        int trained = training.rows().size();
        List<String> questions = Stream.concat(training.rows().stream(), heldOut.rows().stream())
                .map(NormalText::question).toList();
        var near = new HashMap<Integer, Leak>();
        duplicates.pairs(questions,
                (i, j) -> i >= trained || j < trained || found.containsKey(j - trained),
                (i, j, similarity) -> near.merge(j - trained,
                        leak(Leak.Kind.NEAR_QUESTION, heldOut.rows().get(j - trained), training.rows().get(i),
                                similarity),
                        Leakage::nearer));
        found.putAll(near);
    }

    static Leak nearer(Leak one, Leak other) {
        return one.similarity() > other.similarity()
                || (one.similarity() == other.similarity() && one.trainingLine() <= other.trainingLine())
                        ? one
                        : other;
    }

    private Leak leak(Leak.Kind kind, Row row, Row known, double similarity) {
        return new Leak(kind, heldOut.source().toString(), row.line(), training.source().toString(), known.line(),
                similarity, Findings.excerpt(NormalText.question(row)));
    }
}
