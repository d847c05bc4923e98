package dev.attune.engine.train;

/**
 * What passes over preference pairs found, as sums. The reward of an answer is β times what its log-probability has
 * gained on the reference's.
 *
 * @param loss sum of the pairs' losses
 * @param wins pairs whose preferred answer has the higher reward
 */
record PreferenceSum(double loss, long pairs, long wins, double preferredReward, double otherReward) {
    static final PreferenceSum ZERO = new PreferenceSum(0, 0, 0, 0, 0);

    PreferenceSum plus(PreferenceSum other) {
        return new PreferenceSum(loss + other.loss, pairs + other.pairs, wins + other.wins,
                preferredReward + other.preferredReward, otherReward + other.otherReward);
    }

    double meanLoss() {
        return pairs == 0 ? 0 : loss / pairs;
    }

    /** The figures that are reported; NaN where there are no pairs. */
    Rewards rewards() {
        return pairs == 0
                ? Rewards.NONE
                : new Rewards((double) wins / pairs, (preferredReward - otherReward) / pairs, preferredReward / pairs,
                        otherReward / pairs);
    }
}
