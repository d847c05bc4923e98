package dev.attune.dataset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Rows kept for measuring that were trained on: what they show is memory, not skill. Thread-safe. */
public final class Leakage {
    private Leakage() {}

    /**
     * Looks for rows of one file that ask the same, or nearly the same, as a row of the training file.
     *
     * @param heldOut the rows that measure; each is named at most once
     * @return warnings, in the order of the held-out rows; instructions above a conversation are not compared
     */
    public static List<Problem> between(Dataset training, Dataset heldOut) {
        int trained = training.rows().size();
        List<String> questions = Stream.concat(training.rows().stream(), heldOut.rows().stream())
                .map(NormalText::question).toList();
        int[] source = new int[questions.size()];
        Map<String, Integer> first = new HashMap<>();
        for (int i = 0; i < trained; i++) {
            first.putIfAbsent(questions.get(i), i);
        }
        for (int i = trained; i < source.length; i++) {
            source[i] = first.getOrDefault(questions.get(i), -1);
        }
        var near = new boolean[source.length];
        new NearDuplicates().pairs(questions, (i, j) -> i >= trained || j < trained || source[j] >= 0, (i, j) -> {
            source[j] = i;
            near[j] = true;
        });
        var problems = new ArrayList<Problem>();
        for (int i = trained; i < source.length; i++) {
            if (source[i] >= 0) {
                Row row = heldOut.rows().get(i - trained);
                problems.add(new Problem("leaked_row", Severity.WARNING, row.line(), "",
                        "the row asks " + (near[i] ? "nearly " : "") + "the same as line "
                                + training.rows().get(source[i]).line() + " of "
                                + training.source()
                                + ", so it measures what was learned by heart; remove one of the two",
                        Findings.excerpt(questions.get(i))));
            }
        }
        return problems;
    }
}
