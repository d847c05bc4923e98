package dev.attune.dataset;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts labels from answers that are given one by one: the whole answer, or the fields where all answers are JSON objects.
 * What can be no label any more is forgotten, so memory does not grow with the rows. Not thread-safe.
 */
final class LabelTally {
    private static final int MOST_FIELDS = 1_000;

    private final Values answers = new Values();
    private final Map<String, Values> fields = new TreeMap<>();
    private volatile boolean objects = true;
    private int rows;

    /** The values of one candidate, as long as it is one. */
    private static final class Values {
        private final Map<String, Integer> counts = new HashMap<>();
        private boolean few = true;

        void add(String value) {
            if (!few) {
                return;
            }
            counts.merge(value, 1, Integer::sum);
            if (value.length() > LabelBalance.MAXIMUM_LABEL_LENGTH || counts.size() > LabelBalance.MAXIMUM_LABELS) {
                giveUp();
            }
        }

        void giveUp() {
            few = false;
            counts.clear();
        }

        /** Few different short values, each standing three times on average. */
        boolean isLabel(int rows) {
            return few && !counts.isEmpty() && counts.size() <= rows / 3;
        }

        LabelBalance balance(String field) {
            var sorted = new LinkedHashMap<String, Integer>();
            counts.entrySet().stream()
                    .sorted(Map.Entry.<String, Integer>comparingByValue().reversed()
                            .thenComparing(Map.Entry.comparingByKey()))
                    .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
            return new LabelBalance(field, sorted);
        }
    }

    void add(Row row) {
        look(row).run();
    }

    /** Looks at a row, on any thread; what is returned counts it, in the order of the rows. */
    Runnable look(Row row) {
        String answer = row.output().strip();
        Object value = objects && answer.startsWith("{") ? StrictJson.parse(answer).value() : null;
        return () -> add(answer, value);
    }

    private void add(String answer, @Nullable Object value) {
        rows++;
        answers.add(answer);
        if (objects) {
            objects = value instanceof Map<?, ?> object && count(object);
        }
        if (!objects) {
            fields.clear();
        }
    }

    /** Counts the fields of an answer; false where there are too many to be labels. */
    private boolean count(Map<?, ?> object) {
        object.forEach((key, value) -> {
            Values values = fields.computeIfAbsent(String.valueOf(key), name -> new Values());
            if (value instanceof Map || value instanceof List) {
                values.giveUp();
            } else {
                values.add(String.valueOf(value));
            }
        });
        return fields.size() <= MOST_FIELDS;
    }

    /** The labels; none where answers are free text. */
    List<LabelBalance> labels() {
        if (answers.isLabel(rows)) {
            return List.of(answers.balance(""));
        }
        return fields.entrySet().stream().filter(field -> field.getValue().isLabel(rows))
                .map(field -> field.getValue().balance(field.getKey())).toList();
    }
}
