package dev.attune.engine.model;

import java.util.Arrays;
import java.util.function.Supplier;

/** What each target's cross-entropy counts in a gradient. */
@FunctionalInterface
public interface TargetWeights {

    /**
     * @param losses computes the losses of the batch, where the weights depend on them
     * @return weights in the batch's layout; what stands where there is no target does not matter
     */
    double[] of(PackedBatch batch, Supplier<TokenLosses> losses);

    /** All targets alike. */
    static TargetWeights equal(double weight) {
        return (batch, losses) -> {
            var weights = new double[batch.targets().length];
            Arrays.fill(weights, weight);
            return weights;
        };
    }
}
