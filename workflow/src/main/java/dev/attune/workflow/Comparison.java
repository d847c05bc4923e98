package dev.attune.workflow;

import java.util.List;
import java.util.Map;

/**
 * One held-out row, answered by both models.
 *
 * @param line the row's line in the test file
 * @param question the last thing that the user said
 * @param expected the reference answer
 * @param base the compared model's answer
 * @param tuned the tuned model's answer
 * @param baseScores by scorer, 0 to 1
 * @param tunedScores by scorer, 0 to 1
 */
public record Comparison(int line, String question, String expected, String base, String tuned,
        Map<String, Double> baseScores,
        Map<String, Double> tunedScores) {
    public Comparison {
        baseScores = Map.copyOf(baseScores);
        tunedScores = Map.copyOf(tunedScores);
    }

    /** Whether the scorer finds the compared model's answer fully right. */
    public boolean baseRight(String scorer) {
        return baseScores.getOrDefault(scorer, 0.0) >= 1;
    }

    /** Whether the scorer finds the tuned model's answer fully right. */
    public boolean tunedRight(String scorer) {
        return tunedScores.getOrDefault(scorer, 0.0) >= 1;
    }

    /**
     * A few rows to look at: what tuning taught, what it still misses where it misses anything (a row that it spoiled
     * before all others), and rows unlike those already chosen. The same rows for the same input.
     */
    public static List<Comparison> pick(List<Comparison> rows, String scorer, int count) {
        return new ExamplePicker(rows, scorer).pick(count);
    }
}
