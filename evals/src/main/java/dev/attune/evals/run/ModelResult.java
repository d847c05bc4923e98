package dev.attune.evals.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that one model said to all questions.
 *
 * @param scorers names, in the order of each row's outcomes
 * @param rows by question, then repeat
 */
public record ModelResult(String model, List<String> scorers, List<ScoredRow> rows) {
    public ModelResult {
        scorers = List.copyOf(scorers);
        rows = List.copyOf(rows);
    }

    /** Rows by what came of them for one scorer. */
    public record Counts(int scored, int unscored, int failed) {
        public int all() {
            return scored + unscored + failed;
        }
    }

    public Counts counts(int scorer) {
        int scored = 0;
        int unscored = 0;
        for (ScoredRow row : rows) {
            scored += row.outcomes().get(scorer) instanceof Outcome.Scored ? 1 : 0;
            unscored += row.outcomes().get(scorer) instanceof Outcome.Unscored ? 1 : 0;
        }
        return new Counts(scored, unscored, rows.size() - scored - unscored);
    }

    /**
     * The mean score of each question over its repeats, by the question's id; a question with a repeat that has no score is
     * left out, as the rest may be the easier half.
     */
    public Map<String, Double> byQuestion(int scorer) {
        var sums = new LinkedHashMap<String, double[]>();
        for (ScoredRow row : rows) {
            double[] sum = sums.computeIfAbsent(row.question().id(), id -> new double[2]);
            sum[0] += row.outcomes().get(scorer) instanceof Outcome.Scored scored ? scored.score().value() : Double.NaN;
            sum[1]++;
        }
        var means = new LinkedHashMap<String, Double>();
        sums.forEach((id, sum) -> {
            if (!Double.isNaN(sum[0])) {
                means.put(id, sum[0] / sum[1]);
            }
        });
        return means;
    }

    /** Answers that never came. */
    public int errors() {
        return (int) rows.stream().filter(row -> row.reply() instanceof Asker.Reply.Failed).count();
    }

    /** Seconds of each answer whose time is known, ascending. */
    public double[] latencies() {
        return rows.stream().map(ScoredRow::reply).filter(Asker.Reply.Given.class::isInstance)
                .mapToDouble(reply -> ((Asker.Reply.Given) reply).answer().seconds()).filter(s -> s >= 0).sorted()
                .toArray();
    }

    /** What the answers cost together; −1 where not every price is known. */
    public double usd() {
        double sum = 0;
        for (ScoredRow row : rows) {
            if (row.reply() instanceof Asker.Reply.Given given) {
                if (given.answer().usd() < 0) {
                    return -1;
                }
                sum += given.answer().usd();
            }
        }
        return sum;
    }

    /** Why rows failed or could not be scored, with how often, the most frequent first. */
    public Map<String, Integer> reasons() {
        var counts = new LinkedHashMap<String, Integer>();
        for (ScoredRow row : rows) {
            if (row.reply() instanceof Asker.Reply.Failed failed) {
                counts.merge("no answer: " + failed.reason(), 1, Integer::sum);
                continue;
            }
            for (int i = 0; i < scorers.size(); i++) {
                if (row.outcomes().get(i) instanceof Outcome.Unscored unscored) {
                    counts.merge(scorers.get(i) + " not scored: " + unscored.reason(), 1, Integer::sum);
                } else if (row.outcomes().get(i) instanceof Outcome.Failed failed) {
                    counts.merge(scorers.get(i) + " failed: " + failed.reason(), 1, Integer::sum);
                }
            }
        }
        var ordered = new LinkedHashMap<String, Integer>();
        new ArrayList<>(counts.entrySet()).stream().sorted((a, b) -> b.getValue() - a.getValue())
                .forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
        return ordered;
    }
}
