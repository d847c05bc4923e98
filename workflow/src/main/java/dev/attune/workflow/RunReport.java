package dev.attune.workflow;

import dev.attune.evals.PairedComparison;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that a run found out, ready to be shown.
 *
 * @param baseModel the model that was tuned
 * @param comparedModel the model that the tuned one is measured against; most often the base model
 * @param scores one for each scorer; the first is the headline
 * @param misses held-out rows that the tuned model does not answer fully right, by the headline's scorer
 * @param examples rows to look at, side by side
 * @param curve the metrics of training, in the order of steps
 * @param lineage where the model comes from: label and value, in the order to be shown
 * @param secondsByStep how long each step took when it was done
 */
public record RunReport(String name, Instant finishedAt, String baseModel, String comparedModel, String tunedModel,
        List<PairedComparison> scores,
        int misses, List<Comparison> examples, List<JobEvent.Metrics> curve, DataSummary data, SplitSummary split,
        Map<String, String> lineage, Map<String, Double> secondsByStep) {
    public RunReport {
        if (scores.isEmpty()) {
            throw new IllegalArgumentException("A report needs at least one score");
        }
        scores = List.copyOf(scores);
        examples = List.copyOf(examples);
        curve = List.copyOf(curve);
        lineage = Collections.unmodifiableMap(new LinkedHashMap<>(lineage));
        secondsByStep = Collections.unmodifiableMap(new LinkedHashMap<>(secondsByStep));
    }

    /** The comparison that the first sentence is about. */
    public PairedComparison headline() {
        return scores.getFirst();
    }

    /** The result as one sentence. */
    public String headlineSentence() {
        return Figures.headline(headline(), comparedModel.equals(baseModel) ? "the base model" : comparedModel);
    }
}
