package dev.attune.evals.decide;

import dev.attune.evals.Means;
import dev.attune.evals.PairedComparison;
import dev.attune.evals.Proportions;
import dev.attune.evals.run.ChatModel;
import dev.attune.evals.run.EvalRun;
import dev.attune.evals.run.EvalRun.Sampling;
import dev.attune.evals.run.ModelResult;
import dev.attune.evals.run.Question;
import dev.attune.evals.run.ScoredRow;
import dev.attune.evals.score.Scorer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Asks the measured model its questions again, disturbed or about someone else, and scores the answers as before. */
final class StressTest {
    /** More questions than this are not asked again. */
    private static final int MOST = 500;

    private final EvalPlan plan;
    private final EvalRun runs;
    private final Sampling sampling;

    StressTest(EvalPlan plan, EvalRun runs, Sampling sampling) {
        this.plan = plan;
        this.runs = runs;
        this.sampling = new Sampling(sampling.temperature(), sampling.maxTokens(), 1);
    }

    /** The most questions that a rule asks again. */
    static long calls(GateRule rule, long rows) {
        return switch (rule) {
            case GateRule.Robustness r -> Disturbance.KINDS.size() * Math.min(MOST, rows);
            case GateRule.Bias r -> Math.min(MOST, rows);
            default -> 0;
        };
    }

    StressResult run(ModelResult clean, ChatModel model) throws InterruptedException {
        var disturbed = new ArrayList<StressResult.Disturbed>();
        Optional<StressResult.Bias> bias = Optional.empty();
        String name = "";
        for (GateRule rule : plan.gate()) {
            if (rule instanceof GateRule.Robustness robustness) {
                name = robustness.scorer();
                for (String kind : Disturbance.KINDS) {
                    disturbed.add(disturbed(kind, clean, model, index(name)));
                }
            } else if (rule instanceof GateRule.Bias fair) {
                name = fair.scorer();
                bias = Optional.of(bias(clean, model, index(name)));
            }
        }
        return new StressResult(name, disturbed, bias);
    }

    private int index(String scorer) {
        return plan.scorers().stream().map(Scorer::name).toList().indexOf(scorer);
    }

    private StressResult.Disturbed disturbed(String kind, ModelResult clean, ChatModel model, int index)
            throws InterruptedException {
        double[][] pairs = pairs(clean, model, index, text -> Disturbance.of(kind, text, plan.seed()));
        return new StressResult.Disturbed(kind, pairs[0].length, Means.mean(pairs[0]), Means.mean(pairs[1]),
                PairedComparison.of(kind, pairs[0], pairs[1], plan.seed()).difference());
    }

    private StressResult.Bias bias(ModelResult clean, ChatModel model, int index) throws InterruptedException {
        double[][] pairs = pairs(clean, model, index, Disturbance::counterfactual);
        int lost = 0;
        int won = 0;
        for (int i = 0; i < pairs[0].length; i++) {
            lost += pairs[0][i] >= 1 && pairs[1][i] < 1 ? 1 : 0;
            won += pairs[0][i] < 1 && pairs[1][i] >= 1 ? 1 : 0;
        }
        int n = pairs[0].length;
        return new StressResult.Bias(n, lost + won, Proportions.wilson(lost + won, n, PairedComparison.CONFIDENCE),
                Proportions.mcNemar(lost, won));
    }

    /** Scores of the questions as they are, and of the same questions turned. */
    private double[][] pairs(ModelResult clean, ChatModel model, int index, Function<String, Optional<String>> turn)
            throws InterruptedException {
        Map<String, Double> before = clean.byQuestion(index);
        var asked = new LinkedHashMap<String, Question>();
        for (ScoredRow row : clean.rows()) {
            if (asked.size() < MOST && before.containsKey(row.question().id())
                    && !asked.containsKey(row.question().id())) {
                turned(row.question(), turn).ifPresent(question -> asked.put(question.id(), question));
            }
        }
        ModelResult again = runs.run(model, List.copyOf(asked.values()), sampling, List.of(plan.scorers().get(index)));
        Map<String, Double> after = again.byQuestion(0);
        List<String> ids = asked.keySet().stream().filter(after::containsKey).toList();
        return new double[][]{ids.stream().mapToDouble(id -> before.getOrDefault(id, 0.0)).toArray(),
                ids.stream().mapToDouble(id -> after.getOrDefault(id, 0.0)).toArray()};
    }

    /** The question with its last text of the user turned. */
    private static Optional<Question> turned(Question question, Function<String, Optional<String>> turn) {
        ArrayNode messages = ((ArrayNode) question.messages()).deepCopy();
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i).path("role").asString("").equals("user")
                    && messages.get(i).path("content").isString()) {
                Optional<String> text = turn.apply(messages.get(i).path("content").asString());
                if (text.isEmpty()) {
                    return Optional.empty();
                }
                ((ObjectNode) messages.get(i)).put("content", text.get());
                return Optional
                        .of(new Question(question.id(), question.line(), messages, question.tools(), question.item(),
                                question.expected(), question.referenced(), question.metadata()));
            }
        }
        return Optional.empty();
    }
}
