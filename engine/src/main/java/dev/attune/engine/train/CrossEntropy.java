package dev.attune.engine.train;

import dev.attune.engine.data.TrainingExample;
import dev.attune.engine.model.LossSum;
import dev.attune.engine.model.TargetWeights;

import java.util.Arrays;
import java.util.List;

/** The mean cross-entropy of the trained tokens: each counts the same, whichever example it is of. */
record CrossEntropy() implements Objective {

    @Override
    public long units(List<? extends TrainingExample> batch) {
        return batch.stream().mapToLong(TrainingExample::trainedCount).sum();
    }

    @Override
    public TargetWeights weights(BatchRows.Pass pass, long units) {
        return TargetWeights.equal(1.0 / units);
    }

    @Override
    public BatchSum measure(TrainingExample example, LossSum[] sequences) {
        return new BatchSum(Arrays.stream(sequences).reduce(LossSum.ZERO, LossSum::plus), PreferenceSum.ZERO);
    }
}
