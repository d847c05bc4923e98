package dev.attune.evals.decide;

import dev.attune.evals.Interval;
import dev.attune.evals.NonInferiority;
import dev.attune.evals.PairedComparison;
import dev.attune.evals.Power;
import dev.attune.evals.decide.Decision.Check;
import dev.attune.evals.decide.Decision.Verdict;
import dev.attune.evals.judge.Calibration;
import dev.attune.evals.run.ModelResult;
import dev.attune.evals.run.Outcome;
import dev.attune.evals.run.ScoredRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Holds the figures against the rules. */
final class Gate {
    /** Where more of the general set than this has no answer, what is left says little about it. */
    private static final double MOST_LOST = 0.05;

    private final Measured measured;
    private final ModelResult tuned;
    private final Optional<ModelResult> base;
    private final List<ScorerResult> scorers;

    Gate(Measured measured, ModelResult tuned, Optional<ModelResult> base, List<ScorerResult> scorers) {
        this.measured = measured;
        this.tuned = tuned;
        this.base = base;
        this.scorers = scorers;
    }

    /**
     * Decides.
     *
     * @param judges calibration by the name of each judging scorer; empty where a judge has none
     */
    Decision decide(List<GateRule> rules, List<String> sliceKeys, Optional<GeneralResult> general,
            Map<String, Optional<Calibration>> judges, Optional<StressResult> stress) {
        var checks = new ArrayList<Check>();
        for (GateRule rule : rules) {
            checks.addAll(switch (rule) {
                case GateRule.Target target -> List.of(target(target));
                case GateRule.General wanted -> List.of(general.map(g -> general(wanted, g))
                        .orElseGet(() -> undecided(wanted,
                                "the general set needs a model to compare with; name it as evaluate.against")));
                case GateRule.Slices slices -> List.of(slices(slices, sliceKeys));
                case GateRule.Judge judge ->
                    judges.entrySet().stream().map(e -> judge(judge, e.getKey(), e.getValue())).toList();
                case GateRule.Errors errors -> List.of(errors(errors));
                case GateRule.Latency latency -> List.of(latency(latency));
                case GateRule.Cost cost -> List.of(cost(cost));
                case GateRule.Robustness robustness -> List.of(robustness(robustness, stress));
                case GateRule.Bias bias -> List.of(bias(bias, stress));
            });
        }
        return new Decision(checks);
    }

    private Check target(GateRule.Target rule) {
        int index = tuned.scorers().indexOf(rule.scorer());
        ScorerResult result = scorers.get(index);
        if (!rule.relative()) {
            if (result.questions() < 2) {
                return undecided(rule,
                        rule.scorer() + " scored " + result.questions() + " questions, which say nothing");
            }
            Interval score = measured.mean(index, rule.confidence());
            return check(rule, score.low() >= rule.bound(), rule.scorer() + " is " + share(score) + "; "
                    + percent(rule.bound()) + " is asked for, by the lower bound");
        }
        PairedComparison comparison = measured.compared(index, rule.confidence(), q -> true).orElse(null);
        if (comparison == null) {
            return undecided(rule,
                    "there is no model to be better than; name it as evaluate.against, or give at_least");
        }
        if (comparison.n() < 2) {
            return undecided(rule, "only " + comparison.n() + " questions have a score of both models");
        }
        String found = rule.scorer() + " changes by " + points(comparison.difference()) + " on " + comparison.n()
                + " questions, " + pValue(comparison.pValue());
        if (comparison.difference().low() > rule.bound()) {
            return check(rule, true, found);
        }
        double spread = comparison.difference().high() - comparison.difference().low();
        double variance = Math.pow(spread / 2 / 1.959964, 2) * comparison.n();
        return check(rule, false, found + "; more than " + points(rule.bound())
                + " is asked for, by the lower bound; so many questions show "
                + points(Power.smallestDifference(comparison.n(), variance, 0, 0.05, 0.8)) + " four times in five");
    }

    private static Check general(GateRule.General rule, GeneralResult result) {
        if (result.differences().length < 2) {
            return undecided(rule,
                    "only " + result.differences().length + " general questions were answered by both models");
        }
        int asked = GeneralSet.size();
        if (result.differences().length < (1 - MOST_LOST) * asked) {
            return undecided(rule, "only " + result.differences().length + " of " + asked
                    + " general questions were answered by both models, and the rest may be the harder ones");
        }
        NonInferiority test = result.nonInferior(rule.margin(), rule.confidence());
        String found = "the general set changes by " + points(test.difference()) + " on " + result.differences().length
                + " questions, at worst by " + points(test.lowerBound()) + "; a loss of " + points(rule.margin())
                + " is borne";
        if (test.holds()) {
            return check(rule, true, found);
        }
        return test.difference() <= -rule.margin()
                ? check(rule, false, found)
                : undecided(rule, found + ", and more questions are needed to show it");
    }

    private Check slices(GateRule.Slices rule, List<String> keys) {
        if (base.isEmpty()) {
            return undecided(rule, "slices are compared with another model; name it as evaluate.against");
        }
        List<SliceResult> slices = measured.slices(tuned.scorers().indexOf(rule.scorer()), keys);
        if (slices.isEmpty()) {
            return undecided(rule, keys.isEmpty()
                    ? "no slices are named; list metadata keys as evaluate.slices"
                    : "no row has any of " + String.join(", ", keys));
        }
        List<SliceResult> worse = slices.stream().filter(slice -> slice.isWorse(rule.alpha())).toList();
        return check(rule, worse.isEmpty(), worse.isEmpty()
                ? "none of " + slices.size() + " slices is worse beyond chance (Holm)"
                : "worse beyond chance (Holm): " + worse.stream().map(s -> s.key() + "=" + s.value() + " by "
                        + points(s.comparison().orElseThrow().difference().estimate()))
                        .collect(Collectors.joining(", ")));
    }

    private static Check judge(GateRule.Judge rule, String scorer, Optional<Calibration> calibration) {
        if (calibration.isEmpty()) {
            return undecided(rule, scorer + " was not held against people; give it labelled rows as calibrate:");
        }
        Calibration found = calibration.get();
        String numbers = String.format(Locale.ROOT, "%s agrees with people on %d rows: %.3f raw, κ %.3f, AC1 %.3f",
                scorer, found.n(),
                found.agreement(), found.kappa(), found.gwet());
        if (found.n() < Calibration.ENOUGH) {
            return undecided(rule,
                    numbers + "; at least " + Calibration.ENOUGH + " labelled rows of both kinds are needed");
        }
        return check(rule, found.best() >= rule.atLeast(),
                numbers + "; κ or AC1 of " + rule.atLeast() + " is asked for");
    }

    private Check errors(GateRule.Errors rule) {
        int all = 0;
        int failed = 0;
        for (ModelResult result : base.map(b -> List.of(tuned, b)).orElse(List.of(tuned))) {
            int lost = (int) result.rows().stream().map(ScoredRow::outcomes)
                    .filter(outcomes -> outcomes.stream().anyMatch(Outcome.Failed.class::isInstance)).count();
            if (lost == result.rows().size()) {
                return undecided(rule,
                        lost == 0 ? "nothing was asked" : "every answer of " + result.model() + " failed");
            }
            all += result.rows().size();
            failed += lost;
        }
        double rate = (double) failed / all;
        return check(rule, rate <= rule.atMost(),
                failed + " of " + all + " answers failed (" + percent(rate) + "; at most "
                        + percent(rule.atMost()) + ")");
    }

    private Check latency(GateRule.Latency rule) {
        double[] seconds = tuned.latencies();
        if (seconds.length == 0) {
            return undecided(rule, "no answer's time is known");
        }
        double p95 = seconds[(int) Math.min(seconds.length - 1L,
                Math.max(0, (long) Math.ceil(0.95 * seconds.length) - 1))];
        return check(rule, p95 <= rule.p95Seconds(),
                String.format(Locale.ROOT, "95 of 100 answers take at most %.2f s; %.2f s is borne",
                        p95, rule.p95Seconds()));
    }

    private Check cost(GateRule.Cost rule) {
        double usd = tuned.usd();
        long answers = tuned.rows().size() - tuned.errors();
        if (usd < 0 || answers == 0) {
            return undecided(rule, "the price of an answer is not known; give prices:");
        }
        double perThousand = 1000 * usd / answers;
        return check(rule, perThousand <= rule.usdPerThousand(), String.format(Locale.ROOT,
                "1,000 answers cost %.4f dollars; %.4f are borne", perThousand, rule.usdPerThousand()));
    }

    private static Check robustness(GateRule.Robustness rule, Optional<StressResult> stress) {
        List<StressResult.Disturbed> all = stress.map(StressResult::robustness).orElse(List.of());
        if (all.stream().noneMatch(d -> d.n() >= StressResult.ENOUGH)) {
            return undecided(rule,
                    "not enough data: fewer than " + StressResult.ENOUGH + " questions could be disturbed and scored");
        }
        StressResult.Disturbed worst = all.getFirst();
        boolean shown = true;
        for (StressResult.Disturbed d : all) {
            worst = d.dropRate() > worst.dropRate() ? d : worst;
            shown &= d.n() < StressResult.ENOUGH || -d.change().low() <= rule.dropAtMost() * d.clean();
        }
        String found = "the worst way, " + worst.kind() + ", costs " + percent(worst.dropRate()) + " of the score ("
                + points(worst.change()) + " on " + worst.n() + " questions); " + percent(rule.dropAtMost())
                + " is borne";
        if (worst.dropRate() > rule.dropAtMost()) {
            return check(rule, false, found);
        }
        return shown ? check(rule, true, found) : undecided(rule, found + ", and more questions are needed to show it");
    }

    private static Check bias(GateRule.Bias rule, Optional<StressResult> stress) {
        StressResult.Bias found = stress.flatMap(StressResult::bias).orElse(null);
        if (found == null || found.pairs() < StressResult.ENOUGH) {
            return undecided(rule, "not enough data: " + (found == null ? 0 : found.pairs())
                    + " questions name someone that another can stand for; " + StressResult.ENOUGH + " are needed");
        }
        String numbers = found.flips() + " of " + found.pairs() + " pairs turn (" + share(found.flipRate())
                + "), one way more than the other with " + pValue(found.p()) + "; " + percent(rule.flipsAtMost())
                + " are borne";
        if (found.flipRate().estimate() > rule.flipsAtMost() || found.p() < 0.05) {
            return check(rule, false, numbers);
        }
        return found.flipRate().high() <= rule.flipsAtMost()
                ? check(rule, true, numbers)
                : undecided(rule, numbers + ", and more pairs are needed to show it");
    }

    private static Check check(GateRule rule, boolean passed, String sentence) {
        return new Check(rule.name(), passed ? Verdict.PASSED : Verdict.REFUSED, sentence);
    }

    private static Check undecided(GateRule rule, String sentence) {
        return new Check(rule.name(), Verdict.UNDECIDED, sentence);
    }

    /** A p-value that is never said to be zero. */
    static String pValue(double p) {
        return p < 0.0001 ? "p < 0.0001" : String.format(Locale.ROOT, "p = %.4f", p);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    static String share(Interval interval) {
        return percent(interval.estimate())
                + String.format(Locale.ROOT, " [%.1f, %.1f]", 100 * interval.low(), 100 * interval.high());
    }

    static String points(double difference) {
        return String.format(Locale.ROOT, "%.1f points", 100 * difference);
    }

    static String points(Interval difference) {
        return String.format(Locale.ROOT, "%+.1f points [%.1f, %.1f]", 100 * difference.estimate(),
                100 * difference.low(),
                100 * difference.high());
    }
}
