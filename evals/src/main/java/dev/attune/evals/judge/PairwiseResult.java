package dev.attune.evals.judge;

import dev.attune.evals.Interval;
import dev.attune.evals.Means;
import dev.attune.evals.StyleControl;
import dev.attune.evals.judge.PairwiseJudge.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a pairwise judge says over all questions. A disagreement between the two orders is a tie.
 *
 * @param none pairs without a verdict; kept out of everything else
 * @param firstPlace disagreements in which it preferred whichever stood first
 * @param secondPlace disagreements in which it preferred whichever stood second
 * @param winRate wins and half the ties, with Student's interval, over clusters where pairs have one
 * @param atEqualLength the win rate were both answers equally long; empty below two verdicts
 * @param atEqualStyle the same were they also alike in headings, list items and bold
 */
public record PairwiseResult(String judge, int wins, int losses, int ties, int none, int firstPlace, int secondPlace,
        Interval winRate,
        Optional<StyleControl> atEqualLength, Optional<StyleControl> atEqualStyle) {

    /**
     * One question's verdict.
     *
     * @param cluster what the question belongs to, by any name
     */
    public record Pair(Verdict verdict, AnswerStyle base, AnswerStyle tuned, String cluster) {}

    public static PairwiseResult of(String judge, List<Pair> pairs, double confidence) {
        List<Pair> said = pairs.stream().filter(pair -> pair.verdict() != Verdict.NONE).toList();
        double[] outcomes = said.stream().mapToDouble(PairwiseResult::outcome).toArray();
        String[] clusters = said.stream().map(Pair::cluster).toArray(String[]::new);
        boolean clustered = java.util.Arrays.stream(clusters).distinct().count() < clusters.length;
        var style = new LinkedHashMap<String, double[]>();
        AnswerStyle.of("").traits().keySet().forEach(trait -> style.put(trait, said.stream()
                .mapToDouble(p -> p.tuned().traits().getOrDefault(trait, 0) - p.base().traits().getOrDefault(trait, 0))
                .toArray()));
        boolean enough = outcomes.length >= 2;
        return new PairwiseResult(judge, count(said, Verdict.TUNED), count(said, Verdict.BASE),
                said.size() - count(said, Verdict.TUNED) - count(said, Verdict.BASE), pairs.size() - said.size(),
                count(said, Verdict.FIRST_PLACE),
                count(said, Verdict.SECOND_PLACE),
                clustered
                        ? Means.clustered(outcomes, clusters, confidence, 0, 1)
                        : Means.student(outcomes, confidence, 0, 1),
                enough
                        ? Optional.of(StyleControl.of(outcomes, Map.of("length", style.get("length")), clusters,
                                confidence))
                        : Optional.empty(),
                enough ? Optional.of(StyleControl.of(outcomes, style, clusters, confidence)) : Optional.empty());
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
