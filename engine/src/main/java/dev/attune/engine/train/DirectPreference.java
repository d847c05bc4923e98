package dev.attune.engine.train;

import dev.attune.engine.data.TrainingExample;
import dev.attune.engine.model.LossSum;
import dev.attune.engine.model.TargetWeights;

import java.util.ArrayList;
import java.util.List;

/**
 * Direct preference optimization (Rafailov et al. 2023), the sigmoid loss: for a preferred answer y⁺ and another y⁻ to x,
 *
 * <pre>
 * h = β·[(log π(y⁺|x) − log π₀(y⁺|x)) − (log π(y⁻|x) − log π₀(y⁻|x))]        loss = −log σ(h)
 * </pre>
 *
 * where log π sums over an answer's tokens, its stop token included, and π₀ is the model as training began. The slope of
 * the loss along a token's cross-entropy is therefore +β·σ(−h) in y⁺ and −β·σ(−h) in y⁻: once h is known, the gradient is
 * that of weighted cross-entropies.
 *
 * @param beta how dearly leaving the reference is paid, above 0
 */
record DirectPreference(double beta) implements Objective {

    @Override
    public long units(List<? extends TrainingExample> batch) {
        return batch.size();
    }

    @Override
    public TargetWeights weights(BatchRows.Pass pass, long units) {
        return (batch, losses) -> {
            var bySequence = new ArrayList<Double>();
            List<LossSum[]> found = pass.byExample(losses.get());
            for (int i = 0; i < found.size(); i++) {
                double h = preferredReward(pass.examples().get(i), found.get(i))
                        - otherReward(pass.examples().get(i), found.get(i));
                double slope = beta / (1 + Math.exp(h)) / units;
                bySequence.add(slope);
                bySequence.add(-slope);
            }
            var weights = new double[batch.targets().length];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = batch.sources()[i] >= 0 ? bySequence.get(batch.sources()[i]) : 0;
            }
            return weights;
        };
    }

    private double preferredReward(TrainingExample example, LossSum[] answers) {
        return beta * (-answers[0].loss() - pair(example).reference().preferred());
    }

    private double otherReward(TrainingExample example, LossSum[] answers) {
        return beta * (-answers[1].loss() - pair(example).reference().other());
    }

    private static TrainingExample.Pair pair(TrainingExample example) {
        if (example instanceof TrainingExample.Pair pair) {
            return pair;
        }
        throw new IllegalArgumentException("preferences are learned from pairs");
    }

    @Override
    public BatchSum measure(TrainingExample example, LossSum[] answers) {
        double preferred = preferredReward(example, answers);
        double other = otherReward(example, answers);
        double h = preferred - other;
        double loss = h > 0 ? Math.log1p(Math.exp(-h)) : Math.log1p(Math.exp(h)) - h;
        return new BatchSum(answers[0], new PreferenceSum(loss, 1, h > 0 ? 1 : 0, preferred, other));
    }
}
