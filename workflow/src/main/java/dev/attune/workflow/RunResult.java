package dev.attune.workflow;

import dev.attune.evals.PairedComparison;
import java.nio.file.Path;
import java.util.List;

/**
 * What a finished run leaves behind.
 *
 * @param scores one for each scorer; the first is the headline
 * @param examples rows to look at, side by side
 */
public record RunResult(String jobId, String tunedModel, List<PairedComparison> scores, List<Comparison> examples,
        Path report,
        Path reportJson) {
    public RunResult {
        scores = List.copyOf(scores);
        examples = List.copyOf(examples);
    }
}
