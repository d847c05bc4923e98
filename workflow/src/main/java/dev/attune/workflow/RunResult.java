package dev.attune.workflow;

import dev.attune.evals.PairedComparison;
import dev.attune.evals.decide.Decision;
import java.nio.file.Path;
import java.util.List;

/**
 * What a finished run leaves behind.
 *
 * @param scores one for each scorer; the first is the headline
 * @param examples rows to look at, side by side
 * @param decision what the recipe's gate says; without checks where it has none
 */
public record RunResult(String jobId, String tunedModel, List<PairedComparison> scores, List<Comparison> examples,
        Path report, Path reportJson, Decision decision) {
    public RunResult {
        scores = List.copyOf(scores);
        examples = List.copyOf(examples);
    }
}
