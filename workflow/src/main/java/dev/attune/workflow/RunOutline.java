package dev.attune.workflow;

import dev.attune.dataset.Row;
import dev.attune.dataset.Split;
import dev.attune.evals.config.ConfigProblems;
import dev.attune.evals.decide.EvalPlan;
import dev.attune.evals.decide.Evaluator;
import dev.attune.evals.decide.GateRule;
import dev.attune.evals.decide.SliceResult;
import dev.attune.evals.judge.Judges;
import dev.attune.evals.run.Question;
import dev.attune.evals.run.QuestionFile;
import dev.attune.workflow.RecipeCheck.Planned;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** A recipe's steps in sentences, each with its figures as far as they are known before anything is done. */
final class RunOutline {
    private final Recipe recipe;
    private final RunData data;
    private final Optional<DataCheck.Found> found;
    private final Optional<Split> split;
    private final List<String> warnings;

    /** @param warnings takes what the held-out rows cannot show */
    RunOutline(Recipe recipe, RunData data, Optional<DataCheck.Found> found, Optional<Split> split,
            List<String> warnings) {
        this.recipe = recipe;
        this.data = data;
        this.found = found;
        this.split = split;
        this.warnings = warnings;
    }

    List<Planned> steps() {
        return List.of(new Planned(RunStep.CHECK, files()), new Planned(RunStep.SPLIT, parts()),
                new Planned(RunStep.UPLOAD, upload()), new Planned(RunStep.TUNE, tune()),
                new Planned(RunStep.EVALUATE, evaluate()), new Planned(RunStep.REPORT, report()));
    }

    private String files() {
        var named = new ArrayList<String>(List.of(recipe.data().train()));
        recipe.validationFile().ifPresent(file -> named.add(recipe.data().validation()));
        recipe.testFile().ifPresent(file -> named.add(recipe.data().test()));
        return "looks through " + String.join(", ", named)
                + found.map(f -> " (" + Figures.grouped(f.summary().rows()) + " rows to train on)").orElse("");
    }

    private String parts() {
        return split.map(s -> Figures.grouped(s.train().size()) + " rows to train on, "
                + Figures.grouped(s.validation().size()) + " to validate, " + Figures.grouped(s.test().size())
                + " held out"
                + (recipe.data().group().isEmpty() ? "" : "; rows of one " + recipe.data().group() + " stay together")
                + "; seed " + recipe.data().seed()).orElse("not known, as the data has errors");
    }

    private String upload() {
        int files = split.filter(s -> !s.validation().isEmpty()).isPresent() ? 2 : 1;
        return (files == 2 ? "sends the training and the validation part" : "sends the training part")
                + switch (recipe.provider()) {
                    case ATTUNE -> " to the Attune server";
                    case OPENAI -> " to OpenAI";
                    case AZURE -> " to Azure OpenAI";
                };
    }

    private String tune() {
        Recipe.Tune tune = recipe.tune();
        return tune.settings().method() + " on " + recipe.base() + ", epochs " + auto(tune.epochs()) + ", batch size "
                + auto(tune.batchSize()) + ", learning-rate multiplier " + auto(tune.learningRateMultiplier())
                + ", suffix " + tune.suffix() + ", seed " + tune.seed()
                + found.map(f -> f.summary().estimates().stream().map(e -> "; " + lower(e))
                        .collect(Collectors.joining())).orElse("");
    }

    private String evaluate() {
        int rows = split.map(s -> asked(s).size()).orElse(0);
        if (rows == 0) {
            return "asks " + recipe.comparedModel()
                    + " and the tuned model; how much is not known, as the data has errors";
        }
        Optional<EvalPlan> plan = plan();
        long calls = plan.map(p -> Evaluator.calls(p, rows)).orElse(2L * rows);
        plan.ifPresent(p -> slices(p, split.orElseThrow()));
        return "asks " + recipe.comparedModel() + " and the tuned model " + Figures.grouped(rows)
                + " questions each, up to " + Figures.grouped(calls) + " requests"
                + (plan.stream().anyMatch(p -> p.gate().stream().anyMatch(GateRule.General.class::isInstance))
                        ? " with the general set"
                        : "")
                + ", and scores " + String.join(", ", recipe.evaluate().scorers());
    }

    private String report() {
        List<GateRule> gate = plan().map(EvalPlan::gate).orElse(List.of());
        return "writes " + recipe.report() + (gate.isEmpty()
                ? "; no gate, so nothing is refused"
                : "; the gate looks at " + gate.stream().map(GateRule::name)
                        .filter(name -> !name.equals("judge") || plan().stream()
                                .anyMatch(p -> p.scorers().stream().anyMatch(s -> !Judges.in(s).isEmpty())))
                        .collect(Collectors.joining(", ")));
    }

    private List<Row> asked(Split all) {
        int most = recipe.evaluate().maxRows();
        return most > 0 && most < all.test().size() ? all.test().subList(0, most) : all.test();
    }

    private Optional<EvalPlan> plan() {
        if (!recipe.evaluate().hasPlan()) {
            return Optional.empty();
        }
        var problems = new ConfigProblems();
        var judges = new Judges(recipe.folder(), List.of(recipe.base()), RecipePlan::named);
        EvalPlan plan = EvalPlan.read(problems,
                PlannedEvaluation.file(recipe, Path.of("test.jsonl"), recipe.comparedModel(), "the tuned model"),
                judges);
        return problems.isEmpty() ? Optional.of(plan) : Optional.empty();
    }

    /** Slices that no row has, or that say little. */
    private void slices(EvalPlan plan, Split all) {
        List<Question> questions = asked(all).stream().flatMap(row -> question(row).stream()).toList();
        for (String key : plan.slices()) {
            Map<String, Integer> sizes = new TreeMap<>();
            questions.forEach(question -> Optional.ofNullable(question.metadata().get(key))
                    .ifPresent(value -> sizes.merge(value, 1, Integer::sum)));
            if (sizes.isEmpty()) {
                warnings.add("No held-out row has " + key + ", by which evaluate.slices would tell results apart.");
            } else if (sizes.values().stream().anyMatch(size -> size < SliceResult.FEW)) {
                warnings.add("Slices by " + key + " are small: " + sizes.entrySet().stream()
                        .map(e -> e.getKey() + " " + e.getValue()).collect(Collectors.joining(", "))
                        + " held-out rows; fewer than " + SliceResult.FEW + " say little.");
            }
        }
    }

    private static Optional<Question> question(Row row) {
        try {
            return Optional.of(QuestionFile.row(JsonMapper.shared().readTree(row.json()), row.line(),
                    QuestionFile.Prompt.NONE));
        } catch (JacksonException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String auto(Number value) {
        return value.doubleValue() == JobRequest.AUTO ? "auto" : value.toString();
    }

    private static String lower(String sentence) {
        String text = sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
        return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }
}
