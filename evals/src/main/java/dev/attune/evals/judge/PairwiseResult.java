package dev.attune.evals.judge;

import dev.attune.evals.Interval;
import dev.attune.evals.LengthControl;
import dev.attune.evals.Means;
import dev.attune.evals.judge.PairwiseJudge.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * What a pairwise judge says over all questions. A disagreement between the two orders is a tie.
 *
 * @param none pairs without a verdict; kept out of everything else
 * @param firstPlace disagreements in which it preferred whichever stood first
 * @param secondPlace disagreements in which it preferred whichever stood second
 * @param winRate wins and half the ties, with Student's interval
 * @param atEqualLength the win rate were both answers equally long; empty below two verdicts
 */
public record PairwiseResult(String judge, int wins, int losses, int ties, int none, int firstPlace, int secondPlace,
        Interval winRate,
        Optional<LengthControl> atEqualLength) {

    /** One question's verdict, and how much longer the measured model's answer is, in characters. */
    public record Pair(Verdict verdict, int lengthDifference) {}

    public static PairwiseResult of(String judge, List<Pair> pairs, double confidence) {
        List<Pair> said = pairs.stream().filter(pair -> pair.verdict() != Verdict.NONE).toList();
        double[] outcomes = said.stream().mapToDouble(PairwiseResult::outcome).toArray();
        double[] lengths = said.stream().mapToDouble(Pair::lengthDifference).toArray();
        return new PairwiseResult(judge, count(said, Verdict.TUNED), count(said, Verdict.BASE),
                said.size() - count(said, Verdict.TUNED) - count(said, Verdict.BASE), pairs.size() - said.size(),
                count(said, Verdict.FIRST_PLACE),
                count(said, Verdict.SECOND_PLACE), Means.student(outcomes, confidence, 0, 1),
                outcomes.length < 2 ? Optional.empty() : Optional.of(LengthControl.of(outcomes, lengths, confidence)));
    }

    private static double outcome(Pair pair) {
        return switch (pair.verdict()) {
            case TUNED -> 1;
            case BASE -> 0;
            default -> 0.5;
        };
    }

    private static int count(List<Pair> pairs, Verdict verdict) {
        return (int) pairs.stream().filter(pair -> pair.verdict() == verdict).count();
    }

    /** The share of pairs on which it says the same in both orders; 1 without pairs. */
    public double consistency() {
        int all = wins + losses + ties;
        return all == 0 ? 1 : 1 - (double) (firstPlace + secondPlace) / all;
    }

    /** How much more often it leans to the first place than to the second, −1 to 1, over all pairs. */
    public double firstPreference() {
        int all = wins + losses + ties;
        return all == 0 ? 0 : (double) (firstPlace - secondPlace) / all;
    }
}
