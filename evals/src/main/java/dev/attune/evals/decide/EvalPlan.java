package dev.attune.evals.decide;

import dev.attune.evals.config.ConfigNode;
import dev.attune.evals.config.ConfigProblems;
import dev.attune.evals.judge.Judges;
import dev.attune.evals.judge.PairwiseJudge;
import dev.attune.evals.run.EvalRun.Sampling;
import dev.attune.evals.run.Limits;
import dev.attune.evals.run.QuestionFile.Prompt;
import dev.attune.evals.score.Scorer;
import dev.attune.evals.score.Scorers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What an evaluation file says under {@code evaluate:} and {@code gate:}, with every default filled in.
 *
 * @param model the model that is measured
 * @param against what it is compared with; empty for none
 * @param data the file of questions, as written
 * @param scorers the first is the headline
 * @param slices metadata keys by which results are told apart
 * @param cluster the metadata key of rows that belong together; empty for none
 * @param sampling {@code maxTokens} 0 for a bound made from the expected answers
 * @param maxRows how many questions are asked; 0 for all
 * @param seed of permutations and resamples
 * @param pairwise a judge that compares both models' answers; empty for none
 * @param gate what decides; without rules nothing is decided
 */
public record EvalPlan(String model, String against, String data, List<Scorer> scorers, List<String> slices,
        String cluster,
        Sampling sampling, int maxRows, long seed, Limits limits, Prompt prompt, Optional<PairwiseJudge> pairwise,
        List<GateRule> gate) {
    private static final double MANY = 1e12;

    public EvalPlan {
        scorers = List.copyOf(scorers);
        slices = List.copyOf(slices);
        gate = List.copyOf(gate);
    }

    /**
     * Reads a whole file.
     *
     * @param judges what reads judges and gives them their models
     * @return the plan; not to be used where problems were noted
     */
    public static EvalPlan read(ConfigProblems problems, JsonNode root, Judges judges) {
        return read(problems, root, Scorers.with(Map.of("judge", judges)), Optional.of(judges));
    }

    /** The same without judges. */
    public static EvalPlan read(ConfigProblems problems, JsonNode root, Scorers readers) {
        return read(problems, root, readers, Optional.empty());
    }

    private static EvalPlan read(ConfigProblems problems, JsonNode root, Scorers readers, Optional<Judges> judges) {
        ConfigNode file = ConfigNode.of(problems, "", root);
        if (!file.has("evaluate")) {
            file.problem("evaluate", "is missing");
        }
        ConfigNode evaluate = file.section("evaluate");
        String model = evaluate.required("model");
        String against = evaluate.text("against", "");
        String data = evaluate.required("data");
        List<Scorer> scorers = evaluate.has("scorers")
                ? readers.readAll(problems, evaluate.pointer("scorers"), evaluate.get("scorers"))
                : List.of(Scorers.named("exact"));
        List<String> slices = evaluate.texts("slices", List.of());
        String cluster = evaluate.text("cluster", "");
        var sampling = new Sampling(evaluate.number("temperature", 0, 0, 2),
                (int) evaluate.whole("max_tokens", 0, 1, 1_000_000),
                (int) evaluate.whole("repeats", 1, 1, 1_000));
        int maxRows = (int) evaluate.whole("max_rows", 0, 1, 100_000_000);
        long seed = evaluate.whole("seed", 7, 0, Integer.MAX_VALUE);
        Limits limits = limits(evaluate);
        var prompt = new Prompt(optional(evaluate, "system"), optional(evaluate, "prompt"));
        Optional<PairwiseJudge> pairwise = judges.isPresent() && evaluate.has("pairwise")
                ? Optional.of(judges.get().pairwise(evaluate.section("pairwise")))
                : Optional.empty();
        if (pairwise.isPresent() && against.isEmpty()) {
            evaluate.problem("pairwise", "needs a model to compare with; name it as against");
        }
        if (Double.isFinite(limits.usd()) && !limits.prices().isEmpty()) {
            var asked = new LinkedHashSet<>(List.of(model, against));
            scorers.forEach(scorer -> Judges.in(scorer).forEach(judge -> asked.addAll(judge.modelNames())));
            pairwise.ifPresent(judge -> asked.add(judge.name()));
            asked.stream().filter(name -> !name.isEmpty() && limits.price(name).isEmpty())
                    .forEach(name -> evaluate.problem("prices", "has none for " + name
                            + ", so a budget in dollars could not stop it; a name may end in *, and 0 is a price"));
        }
        evaluate.done();
        List<GateRule> gate = file.has("gate")
                ? GateRule.readAll(file.section("gate"), scorers.stream().map(Scorer::name).toList())
                : List.of();
        file.done();
        return new EvalPlan(model, against, data, scorers, slices, cluster, sampling, maxRows, seed, limits, prompt,
                pairwise, gate);
    }

    private static Optional<String> optional(ConfigNode node, String key) {
        return node.has(key) ? Optional.of(node.text(key, "")) : Optional.empty();
    }

    private static Limits limits(ConfigNode evaluate) {
        ConfigNode budget = evaluate.section("budget");
        double usd = budget.number("usd", Double.POSITIVE_INFINITY, 0, MANY);
        long calls = budget.whole("calls", Long.MAX_VALUE, 0, Long.MAX_VALUE);
        budget.done();
        var prices = new LinkedHashMap<String, Limits.Price>();
        ConfigNode section = evaluate.section("prices");
        section.entries().forEach((name, value) -> {
            ConfigNode price = ConfigNode.of(evaluate.problems(), section.pointer(name), value);
            prices.put(name, new Limits.Price(price.number("input", 0, 0, MANY), price.number("output", 0, 0, MANY)));
            price.done();
        });
        if (Double.isFinite(usd) && prices.isEmpty()) {
            evaluate.problem("prices",
                    "is missing; a budget in dollars needs the price of each model, input and output in dollars a million tokens");
        }
        return new Limits((int) evaluate.whole("concurrency", Limits.DEFAULT.concurrency(), 1, 1_000),
                Duration.ofSeconds(evaluate.whole("timeout_seconds", Limits.DEFAULT.request().toSeconds(), 1, 86_400)),
                Duration.ofSeconds(evaluate.whole("deadline_seconds", Limits.DEFAULT.run().toSeconds(), 1, 31_536_000)),
                calls, usd, prices);
    }
}
