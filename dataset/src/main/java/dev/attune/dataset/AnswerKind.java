package dev.attune.dataset;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the answers of a dataset are: it decides how much it matters that two of them differ. */
public enum AnswerKind {
    /** One of few labels: classification. */
    LABEL,
    /** A JSON object: extraction. */
    FIELDS,
    /** Text that may be said in many ways. */
    TEXT;

    /** Whether there is one right answer. */
    public boolean isClosed() {
        return this != TEXT;
    }

    static AnswerKind of(List<Row> rows) {
        var seen = new Seen();
        rows.forEach(row -> seen.add(row.output()));
        return seen.kind();
    }

    /** Tells the kind from answers that are given one by one, in constant memory. Not thread-safe. */
    static final class Seen {
        private final Set<String> labels = new HashSet<>();
        private boolean shortAnswers = true;
        private boolean objects = true;
        private long rows;

        void add(String output) {
            String answer = output.strip();
            rows++;
            shortAnswers &= answer.length() <= LabelBalance.MAXIMUM_LABEL_LENGTH;
            if (shortAnswers && labels.size() <= LabelBalance.MAXIMUM_LABELS) {
                labels.add(answer);
            }
            objects = objects && answer.startsWith("{") && StrictJson.parse(answer).value() instanceof Map;
        }

        AnswerKind kind() {
            if (rows > 0 && shortAnswers && labels.size() <= Math.min(LabelBalance.MAXIMUM_LABELS, rows / 3)) {
                return LABEL;
            }
            return rows > 0 && objects ? FIELDS : TEXT;
        }
    }
}
