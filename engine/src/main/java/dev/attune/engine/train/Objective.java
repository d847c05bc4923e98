package dev.attune.engine.train;

import dev.attune.engine.data.TrainingExample;
import dev.attune.engine.data.TrainingMethod;
import dev.attune.engine.model.LossSum;
import dev.attune.engine.model.TargetWeights;

import java.util.List;

/** What is minimised, as a mean over a whole optimizer batch in however many passes. Thread-safe. */
sealed interface Objective permits CrossEntropy, DirectPreference {

    static Objective of(TrainingMethod method) {
        return switch (method) {
            case TrainingMethod.Supervised supervised -> new CrossEntropy();
            case TrainingMethod.Dpo(double beta) -> new DirectPreference(beta);
        };
    }

    /** By what the sum over a batch is divided. */
    long units(List<? extends TrainingExample> batch);

    /**
     * What each target of a pass counts in the gradient.
     *
     * @param units of the whole batch that the pass is of
     */
    TargetWeights weights(BatchRows.Pass pass, long units);

    /**
     * What a pass found of one example.
     *
     * @param sequences the losses of its sequences
     */
    BatchSum measure(TrainingExample example, LossSum[] sequences);
}
