package dev.attune.evals.decide;

import dev.attune.evals.judge.Calibration;
import dev.attune.evals.judge.PairwiseResult;
import dev.attune.evals.run.ModelResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that an evaluation found out. The forms that it is written in say the same, as all of it is computed here.
 *
 * @param title what was evaluated, for the head of a page
 * @param scorers one for each scorer; the first is the headline
 * @param labels for each scorer that classifies and each model
 * @param slices the headline scorer by metadata
 * @param general what the general set found out, where it was asked
 * @param calibrations of judges, by the name of the scorer
 * @param corrected what people would say, for each scorer that is a calibrated judge and each model
 * @param notes sentences about what was left out or is to be known
 * @param seed of every random draw
 */
public record EvalReport(String title, ModelResult tuned, Optional<ModelResult> base, List<ScorerResult> scorers,
        List<LabelFigures> labels, List<SliceResult> slices, Optional<GeneralResult> general,
        Map<String, Calibration> calibrations,
        List<CorrectedScore> corrected,
        Optional<StressResult> stress,
        Optional<PairwiseResult> pairwise,
        List<String> notes, long seed, Decision decision) {
    public EvalReport {
        scorers = List.copyOf(scorers);
        labels = List.copyOf(labels);
        slices = List.copyOf(slices);
        calibrations = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(calibrations));
        corrected = List.copyOf(corrected);
        notes = List.copyOf(notes);
    }

    /** The scorer that the first sentence is about. */
    public ScorerResult headline() {
        return scorers.getFirst();
    }
}
