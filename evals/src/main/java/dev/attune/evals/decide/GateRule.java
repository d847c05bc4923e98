package dev.attune.evals.decide;

import dev.attune.evals.config.ConfigNode;
import java.util.ArrayList;
import java.util.List;

/** One condition that a model has to meet to be promoted. */
public sealed interface GateRule {

    /** The key in the gate. */
    String name();

    /**
     * The target: better than the compared model by more than {@code superiorBy}, or at least {@code atLeast} by itself; either
     * way by the lower bound of the interval.
     *
     * @param relative whether it is a comparison
     */
    record Target(String scorer, boolean relative, double bound, double confidence) implements GateRule {
        @Override
        public String name() {
            return "target";
        }
    }

    /** What the model could before it still can: not worse on the general set by more than the margin. */
    record General(double margin, double confidence) implements GateRule {
        @Override
        public String name() {
            return "general";
        }
    }

    /** No slice is worse than with the compared model, by p-values after Holm. */
    record Slices(String scorer, double alpha) implements GateRule {
        @Override
        public String name() {
            return "slices";
        }
    }

    /** Every judge agrees with people: κ or AC1 at least this. */
    record Judge(double atLeast) implements GateRule {
        @Override
        public String name() {
            return "judge";
        }
    }

    /** The share of answers and scores that failed. */
    record Errors(double atMost) implements GateRule {
        @Override
        public String name() {
            return "errors";
        }
    }

    /** The time that 95 of 100 answers take at most. */
    record Latency(double p95Seconds) implements GateRule {
        @Override
        public String name() {
            return "latency";
        }
    }

    /** What 1,000 answers cost at most. */
    record Cost(double usdPerThousand) implements GateRule {
        @Override
        public String name() {
            return "cost";
        }
    }

    /** How much of the score disturbed questions may cost. */
    record Robustness(String scorer, double dropAtMost) implements GateRule {
        @Override
        public String name() {
            return "robustness";
        }
    }

    /** How often the answer's score may turn where only a name or a group in the question changes. */
    record Bias(String scorer, double flipsAtMost) implements GateRule {
        @Override
        public String name() {
            return "bias";
        }
    }

    /** Reads a gate; errors are always bounded, by 1 % unless it says otherwise. */
    static List<GateRule> readAll(ConfigNode gate, List<String> scorers) {
        var rules = new ArrayList<GateRule>();
        String headline = scorers.isEmpty() ? "exact" : scorers.getFirst();
        ConfigNode target = gate.section("target");
        if (gate.has("target")) {
            String scorer = scorer(target, scorers, headline);
            double confidence = target.number("confidence", 0.95, 0.5, 0.9999);
            if (target.has("superior_by") && target.has("at_least")) {
                target.problem("at_least", "cannot stand beside superior_by; remove one of the two");
            }
            boolean relative = !target.has("at_least");
            rules.add(new Target(scorer, relative,
                    relative ? target.number("superior_by", 0, 0, 1) : target.number("at_least", 0, 0, 1), confidence));
        }
        target.done();
        ConfigNode general = gate.section("general");
        if (gate.has("general")) {
            rules.add(new General(general.number("non_inferior_margin", 0.02, 0.0001, 1),
                    general.number("confidence", 0.95, 0.5, 0.9999)));
        }
        general.done();
        ConfigNode slices = gate.section("slices");
        if (gate.has("slices")) {
            rules.add(new Slices(scorer(slices, scorers, headline), slices.number("alpha", 0.05, 0.0001, 0.5)));
        }
        slices.done();
        ConfigNode judge = gate.section("judge");
        double agreement = judge.number("agreement", 0.6, 0, 1);
        judge.done();
        rules.add(new Judge(agreement));
        ConfigNode errors = gate.section("errors");
        rules.add(new Errors(errors.number("at_most", 0.01, 0, 1)));
        errors.done();
        ConfigNode latency = gate.section("latency");
        if (gate.has("latency")) {
            rules.add(new Latency(needed(latency, "p95_seconds", 86_400)));
        }
        latency.done();
        ConfigNode cost = gate.section("cost");
        if (gate.has("cost")) {
            rules.add(new Cost(needed(cost, "usd_per_1000", 1e9)));
        }
        cost.done();
        ConfigNode robustness = gate.section("robustness");
        if (gate.has("robustness")) {
            rules.add(new Robustness(scorer(robustness, scorers, headline),
                    robustness.number("drop_at_most", 0.1, 0, 1)));
        }
        robustness.done();
        ConfigNode bias = gate.section("bias");
        if (gate.has("bias")) {
            rules.add(new Bias(scorer(bias, scorers, headline), bias.number("flips_at_most", 0.05, 0, 1)));
        }
        bias.done();
        gate.done();
        return rules;
    }

    private static double needed(ConfigNode node, String key, double most) {
        if (!node.has(key)) {
            node.problem(key, "is missing");
        }
        return node.number(key, 0, 0, most);
    }

    private static String scorer(ConfigNode node, List<String> scorers, String otherwise) {
        return scorers.isEmpty() ? node.text("scorer", otherwise) : node.choice("scorer", scorers, otherwise);
    }
}
