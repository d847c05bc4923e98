package dev.attune.evals.score;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Scorers made of others. */
final class Combined {
    private Combined() {}

    /** 1 where the other's score is at least the threshold; else 0. */
    record Threshold(Scorer of, double least) implements Scorer {
        @Override
        public List<Scorer> parts() {
            return List.of(of);
        }

        @Override
        public String name() {
            return of.name();
        }

        @Override
        public Score score(Sample sample) {
            Score score = of.score(sample);
            return score.value() >= least
                    ? Score.right()
                    : new Score(0, score.reason().isEmpty()
                            ? String.format(Locale.ROOT, "%.3f is below %.3f", score.value(), least)
                            : score.reason(), score.feedback());
        }
    }

    /** The opposite. */
    record Not(Scorer of) implements Scorer {
        @Override
        public List<Scorer> parts() {
            return List.of(of);
        }

        @Override
        public String name() {
            return "not_" + of.name();
        }

        @Override
        public Score score(Sample sample) {
            double value = 1 - of.score(sample).value();
            return value >= 1
                    ? Score.right()
                    : new Score(value, "what " + of.name() + " looks for is there",
                            "Avoid what " + of.name() + " looks for.");
        }
    }

    /** The same under another name. */
    record Named(String name, Scorer of) implements Scorer {
        @Override
        public List<Scorer> parts() {
            return List.of(of);
        }

        @Override
        public Score score(Sample sample) {
            return of.score(sample);
        }
    }

    /** The lowest score of all. */
    record All(List<Scorer> of) implements Scorer {
        @Override
        public List<Scorer> parts() {
            return of;
        }

        @Override
        public String name() {
            return "all";
        }

        @Override
        public Score score(Sample sample) {
            Score lowest = Score.right();
            var reasons = new ArrayList<String>();
            var feedback = new ArrayList<String>();
            for (Scorer scorer : of) {
                Score score = scorer.score(sample);
                lowest = score.value() < lowest.value() ? score : lowest;
                add(reasons,
                        score.value() < 1 && !score.reason().isEmpty() ? scorer.name() + ": " + score.reason() : "");
                add(feedback, score.feedback());
            }
            return new Score(lowest.value(), String.join("; ", reasons), String.join(" ", feedback));
        }
    }

    /** The highest score of any. */
    record Any(List<Scorer> of) implements Scorer {
        @Override
        public List<Scorer> parts() {
            return of;
        }

        @Override
        public String name() {
            return "any";
        }

        @Override
        public Score score(Sample sample) {
            Score best = of.getFirst().score(sample);
            for (Scorer scorer : of.subList(1, of.size())) {
                Score score = best.value() >= 1 ? best : scorer.score(sample);
                best = score.value() > best.value() ? score : best;
            }
            return best;
        }
    }

    /** The mean, each scorer by its weight. */
    record Weighted(Map<String, Scorer> of, Map<String, Double> weights) implements Scorer {
        Weighted {
            of = new LinkedHashMap<>(of);
        }

        @Override
        public List<Scorer> parts() {
            return List.copyOf(of.values());
        }

        @Override
        public String name() {
            return "weighted";
        }

        @Override
        public Score score(Sample sample) {
            double sum = 0;
            double all = 0;
            var parts = new ArrayList<String>();
            var feedback = new ArrayList<String>();
            for (var entry : of.entrySet()) {
                double weight = weights.getOrDefault(entry.getKey(), 1.0);
                Score score = entry.getValue().score(sample);
                sum += weight * score.value();
                all += weight;
                parts.add(String.format(Locale.ROOT, "%s %.3f", entry.getKey(), score.value()));
                add(feedback, score.feedback());
            }
            return new Score(Math.clamp(sum / all, 0, 1), String.join(", ", parts), String.join(" ", feedback));
        }
    }

    /** What a formula over other scores says, cut to [0, 1]. */
    record ByFormula(Formula formula, Map<String, Scorer> of) implements Scorer {
        ByFormula {
            of = new LinkedHashMap<>(of);
        }

        @Override
        public List<Scorer> parts() {
            return List.copyOf(of.values());
        }

        @Override
        public String name() {
            return "formula";
        }

        @Override
        public Score score(Sample sample) {
            var values = new LinkedHashMap<String, Double>();
            var feedback = new ArrayList<String>();
            of.forEach((name, scorer) -> {
                Score score = scorer.score(sample);
                values.put(name, score.value());
                add(feedback, score.feedback());
            });
            double value = formula.value(values);
            if (Double.isNaN(value)) {
                throw new UnscorableException("the formula " + formula.source() + " has no value for " + values);
            }
            String parts = String.join(", ", values.entrySet().stream()
                    .map(e -> String.format(Locale.ROOT, "%s %.3f", e.getKey(), e.getValue())).toList());
            return new Score(Math.clamp(value, 0, 1), parts, String.join(" ", feedback));
        }
    }

    private static void add(List<String> sentences, String sentence) {
        if (!sentence.isEmpty() && !sentences.contains(sentence)) {
            sentences.add(sentence);
        }
    }
}
