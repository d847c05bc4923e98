package dev.attune.dataset;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Contradictions decided by count: of rows that ask the same and answer differently, those with the commonest answer stay;
 * where no answer is the commonest, none do. Questions and answers are the same where they are but for case, white space and
 * the layout of JSON. All rows are counted first, then each is judged; memory grows by some 200 bytes for each different row.
 * Not thread-safe.
 */
public final class AnswerVotes {
    private final Map<TextDigest, Map<TextDigest, Integer>> byQuestion = new HashMap<>();

    /** Counts a row. */
    public void add(Row row) {
        byQuestion.computeIfAbsent(question(row), key -> new HashMap<>(2)).merge(answer(row), 1, Integer::sum);
    }

    /** What is to be said of a row that does not stay; nothing of one that does. */
    public Optional<Problem> verdict(Row row) {
        Map<TextDigest, Integer> answers = byQuestion.getOrDefault(question(row), Map.of());
        if (answers.size() < 2) {
            return Optional.empty();
        }
        int most = Collections.max(answers.values());
        boolean decided = answers.values().stream().filter(count -> count == most).count() == 1;
        if (decided && answers.getOrDefault(answer(row), 0) == most) {
            return Optional.empty();
        }
        return Optional.of(new Problem("contradiction_settled", Severity.WARNING, row.line(), "",
                decided
                        ? "the row is left out: most rows that ask the same answer otherwise"
                        : "the row is left out: the rows that ask the same agree on no answer",
                Findings.excerpt(row.output())));
    }

    private static TextDigest question(Row row) {
        return TextDigest.of(NormalText.inputKey(row));
    }

    private static TextDigest answer(Row row) {
        return TextDigest.of(NormalText.outputKey(row));
    }
}
