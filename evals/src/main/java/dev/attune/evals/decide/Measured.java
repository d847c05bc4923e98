package dev.attune.evals.decide;

import dev.attune.evals.Interval;
import dev.attune.evals.Means;
import dev.attune.evals.MultipleComparisons;
import dev.attune.evals.PairedComparison;
import dev.attune.evals.Proportions;
import dev.attune.evals.RepeatedSamples;
import dev.attune.evals.run.ModelResult;
import dev.attune.evals.run.Outcome;
import dev.attune.evals.run.Question;
import dev.attune.evals.run.ScoredRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Turns the rows of one model, or of two over the same questions, into figures with their intervals. */
final class Measured {
    private final ModelResult tuned;
    private final Optional<ModelResult> base;
    private final Map<String, Question> questions = new LinkedHashMap<>();
    private final String clusterKey;
    private final long seed;

    Measured(ModelResult tuned, Optional<ModelResult> base, String clusterKey, long seed) {
        this.tuned = tuned;
        this.base = base;
        this.clusterKey = clusterKey;
        this.seed = seed;
        tuned.rows().forEach(row -> questions.put(row.question().id(), row.question()));
    }

    List<ScorerResult> scorers() {
        var results = new ArrayList<ScorerResult>();
        for (int i = 0; i < tuned.scorers().size(); i++) {
            results.add(scorer(i));
        }
        return results;
    }

    private ScorerResult scorer(int index) {
        Map<String, Double> scores = tuned.byQuestion(index);
        Optional<Map<String, Double>> other = base.map(result -> result.byQuestion(index));
        int common = other.map(o -> common(scores, o).size()).orElse(0);
        int leftOut = other.map(o -> {
            var all = new java.util.HashSet<>(questions.keySet());
            base.orElseThrow().rows().forEach(row -> all.add(row.question().id()));
            return all.size() - common;
        }).orElse(0);
        List<int[]> repeats = repeats(index);
        return new ScorerResult(tuned.scorers().get(index), mean(scores, PairedComparison.CONFIDENCE), scores.size(),
                tuned.counts(index),
                compared(index, PairedComparison.CONFIDENCE, id -> true), leftOut, passed(repeats, true),
                passed(repeats, false));
    }

    /** The comparison over some questions; nothing without another model. */
    Optional<PairedComparison> compared(int index, double confidence, Predicate<Question> wanted) {
        if (base.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Double> mine = tuned.byQuestion(index);
        Map<String, Double> other = base.get().byQuestion(index);
        List<String> ids = common(mine, other).stream()
                .filter(id -> Optional.ofNullable(questions.get(id)).filter(wanted).isPresent()).toList();
        double[] tunedScores = ids.stream().mapToDouble(mine::get).toArray();
        double[] baseScores = ids.stream().mapToDouble(other::get).toArray();
        String name = tuned.scorers().get(index);
        return Optional.of(clusterKey.isEmpty()
                ? PairedComparison.of(name, baseScores, tunedScores, confidence, seed)
                : PairedComparison.clustered(name, baseScores, tunedScores, clusters(ids), confidence, seed));
    }

    private Optional<String> label(String id, String key) {
        return Optional.ofNullable(questions.get(id))
                .flatMap(question -> Optional.ofNullable(question.metadata().get(key)));
    }

    private static List<String> common(Map<String, Double> a, Map<String, Double> b) {
        return a.keySet().stream().filter(b::containsKey).toList();
    }

    private String[] clusters(List<String> ids) {
        return ids.stream().map(id -> label(id, clusterKey).orElse("row " + id))
                .toArray(String[]::new);
    }

    Interval mean(int index, double confidence) {
        return mean(tuned.byQuestion(index), confidence);
    }

    private Interval mean(Map<String, Double> scores, double confidence) {
        double[] values = scores.values().stream().mapToDouble(Double::doubleValue).toArray();
        if (!clusterKey.isEmpty()) {
            return Means.clustered(values, clusters(List.copyOf(scores.keySet())), confidence, 0, 1);
        }
        int ones = 0;
        for (double value : values) {
            if (value != 0 && value != 1) {
                return Means.student(values, confidence, 0, 1);
            }
            ones += (int) value;
        }
        return Proportions.wilson(ones, values.length, confidence);
    }

    /** Of every question with all its repeats scored: answers, and those fully right. */
    private List<int[]> repeats(int index) {
        var counts = new LinkedHashMap<String, int[]>();
        for (ScoredRow row : tuned.rows()) {
            int[] count = counts.computeIfAbsent(row.question().id(), id -> new int[3]);
            count[0]++;
            count[1] += row.outcomes().get(index) instanceof Outcome.Scored s && s.score().value() >= 1 ? 1 : 0;
            count[2] += row.outcomes().get(index) instanceof Outcome.Scored ? 0 : 1;
        }
        return counts.values().stream().filter(count -> count[2] == 0).toList();
    }

    private static List<Double> passed(List<int[]> counts, boolean any) {
        int k = counts.stream().mapToInt(count -> count[0]).min().orElse(1);
        var means = new ArrayList<Double>();
        for (int i = 1; k > 1 && i <= k; i++) {
            int draws = i;
            means.add(counts.stream().mapToDouble(
                    c -> any ? RepeatedSamples.passAt(c[0], c[1], draws) : RepeatedSamples.passAll(c[0], c[1], draws))
                    .average().orElse(0));
        }
        return means;
    }

    /** The scorer's figures for every value of the keys, with p-values after Holm over all of them. */
    List<SliceResult> slices(int index, List<String> keys) {
        var drafts = new ArrayList<SliceResult>();
        Map<String, Double> scores = tuned.byQuestion(index);
        for (String key : keys) {
            var byValue = new TreeMap<String, Map<String, Double>>();
            scores.forEach((id, score) -> label(id, key).ifPresent(
                    value -> byValue.computeIfAbsent(value, v -> new LinkedHashMap<>()).put(id, score)));
            byValue.forEach((value, part) -> drafts.add(new SliceResult(key, value, part.size(),
                    mean(part, PairedComparison.CONFIDENCE),
                    compared(index, PairedComparison.CONFIDENCE, q -> value.equals(q.metadata().get(key))), 1)));
        }
        double[] adjusted = MultipleComparisons.holm(drafts.stream()
                .mapToDouble(slice -> slice.comparison().map(PairedComparison::pValue).orElse(1.0)).toArray());
        var slices = new ArrayList<SliceResult>();
        for (int i = 0; i < drafts.size(); i++) {
            SliceResult draft = drafts.get(i);
            slices.add(new SliceResult(draft.key(), draft.value(), draft.n(), draft.score(), draft.comparison(),
                    adjusted[i]));
        }
        return slices;
    }
}
