package dev.attune.evals.decide;

import dev.attune.evals.Interval;
import dev.attune.evals.PairedComparison;
import dev.attune.evals.run.ModelResult;
import java.util.List;
import java.util.Optional;

/**
 * What one scorer found out.
 *
 * @param score the measured model's mean with its interval, over all its questions with a score
 * @param questions how many those are
 * @param counts the measured model's rows by what came of them
 * @param comparison with the other model, over the questions that have a score of both
 * @param leftOut questions of either model that could not be paired
 * @param passAt by k from 1 on: the chance that one of k answers is fully right; empty without repeats
 * @param passAll by k from 1 on: the chance that all of k answers are
 */
public record ScorerResult(String scorer, Interval score, int questions, ModelResult.Counts counts,
        Optional<PairedComparison> comparison, int leftOut, List<Double> passAt, List<Double> passAll) {
    public ScorerResult {
        passAt = List.copyOf(passAt);
        passAll = List.copyOf(passAll);
    }

    /** The mean with its interval; without a single score there is none. */
    String sentence() {
        return questions == 0 ? "none" : Gate.share(score);
    }
}
