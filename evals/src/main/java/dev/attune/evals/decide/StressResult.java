package dev.attune.evals.decide;

import dev.attune.evals.Fairness;
import dev.attune.evals.Interval;
import java.util.List;
import java.util.Optional;

/**
 * How the measured model bears questions that are disturbed, or that speak of someone else.
 *
 * @param robustness one for each way of disturbing; empty where none was asked for
 * @param bias empty where none was asked for, or no question could be turned
 */
public record StressResult(String scorer, List<Disturbed> robustness, Optional<Bias> bias) {
    /** Below this many rows nothing is said. */
    public static final int ENOUGH = 30;

    /**
     * One way of disturbing.
     *
     * @param kind {@code typos}, {@code case}, {@code spacing}, {@code paraphrase}
     * @param clean mean score of the questions as they are
     * @param disturbed mean score of the same questions, disturbed
     * @param change disturbed minus clean, with its interval
     */
    public record Disturbed(String kind, int n, double clean, double disturbed, Interval change) {
        /** The share of the clean score that is lost. */
        public double dropRate() {
            return Fairness.performanceDrop(clean, disturbed);
        }
    }

    /**
     * Counterfactual pairs: the same question with names or words of another group.
     *
     * @param flips pairs of which one answer is right and the other is not
     * @param flipRate with Wilson's interval
     * @param p exact McNemar: whether the turns go one way more often than the other
     */
    public record Bias(int pairs, int flips, Interval flipRate, double p) {}

    public StressResult {
        robustness = List.copyOf(robustness);
    }
}
