package dev.attune.engine;

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
            LossSum[] answers = losses.get().byExample(2 * pass.examples().size());
            var bySource = new double[answers.length];
            for (int i = 0; i < answers.length; i += 2) {
                double slope = beta / (1 + Math.exp(margin(pass, answers, i))) / units;
                bySource[i] = slope;
                bySource[i + 1] = -slope;
            }
            var weights = new double[batch.targets().length];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = batch.sources()[i] >= 0 ? bySource[batch.sources()[i]] : 0;
            }
            return weights;
        };
    }

    /** h of the pair whose answers stand at {@code at} and after it. */
    private double margin(BatchRows.Pass pass, LossSum[] answers, int at) {
        return preferredReward(pass, answers, at) - otherReward(pass, answers, at);
    }

    private double preferredReward(BatchRows.Pass pass, LossSum[] answers, int at) {
        return beta * (-answers[at].loss() - pair(pass, at).reference().preferred());
    }

    private double otherReward(BatchRows.Pass pass, LossSum[] answers, int at) {
        return beta * (-answers[at + 1].loss() - pair(pass, at).reference().other());
    }

    private static TrainingExample.Pair pair(BatchRows.Pass pass, int at) {
        if (pass.examples().get(at / 2) instanceof TrainingExample.Pair pair) {
            return pair;
        }
        throw new IllegalArgumentException("preferences are learned from pairs");
    }

    @Override
    public BatchSum measure(BatchRows.Pass pass, TokenLosses losses) {
        LossSum[] answers = losses.byExample(2 * pass.examples().size());
        BatchSum sum = BatchSum.ZERO;
        for (int i = 0; i < answers.length; i += 2) {
            double preferred = preferredReward(pass, answers, i);
            double other = otherReward(pass, answers, i);
            double h = preferred - other;
            double loss = h > 0 ? Math.log1p(Math.exp(-h)) : Math.log1p(Math.exp(h)) - h;
            sum = sum.plus(new BatchSum(answers[i], new PreferenceSum(loss, 1, h > 0 ? 1 : 0, preferred, other)));
        }
        return sum;
    }
}
