package dev.attune.workflow;

import dev.attune.evals.config.ConfigProblems;
import dev.attune.evals.decide.EvalPlan;
import dev.attune.evals.decide.EvalReport;
import dev.attune.evals.decide.Evaluator;
import dev.attune.evals.judge.Judges;
import dev.attune.evals.run.Asker;
import dev.attune.evals.run.CallJournal;
import dev.attune.evals.run.ChatModel;
import dev.attune.evals.run.EvalRun;
import dev.attune.evals.run.QuestionFile;
import dev.attune.workflow.WorkflowException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An evaluation that someone wrote down, with the questions it names. Relative paths start from its folder.
 *
 * @param folder where relative paths start
 * @param judges to be told what they ask through before anything is scored
 * @param models a model by its name
 */
public record EvalFile(Path folder, EvalPlan plan, Judges judges, QuestionFile questions,
        Function<String, ChatModel> models) {
    /** What may be said in place of the file's own: a new tuned model has a new name each time. */
    private static final List<String> REPLACEABLE = List.of("model", "against");

    /**
     * Reads a YAML file with the keys {@code evaluate} and {@code gate}.
     *
     * @param models a model by its name
     * @throws WorkflowException which names every problem at once, each with its line and JSON pointer
     */
    public static EvalFile read(Path yaml, Function<String, ChatModel> models) {
        return read(yaml, Map.of(), models);
    }

    /**
     * The same with another {@code model} or {@code against} than the file's.
     *
     * @param instead values by those keys
     */
    public static EvalFile read(Path yaml, Map<String, String> instead, Function<String, ChatModel> models) {
        YamlJson document = YamlJson.of(YamlDocument.read(yaml));
        if (document.json().path("evaluate") instanceof ObjectNode evaluate) {
            REPLACEABLE.stream().filter(instead::containsKey).forEach(key -> evaluate.put(key, instead.get(key)));
        }
        Path parent = yaml.toAbsolutePath().getParent();
        return of(yaml.toString(), parent == null ? Path.of("").toAbsolutePath() : parent, document, models);
    }

    /**
     * The same from JSON, as a command makes it of its options.
     *
     * @param source what to call it in messages
     * @param folder where relative paths start
     */
    public static EvalFile of(String source, Path folder, JsonNode json, Function<String, ChatModel> models) {
        return of(source, folder, new YamlJson(json, Map.of()), models);
    }

    private static EvalFile of(String source, Path folder, YamlJson document, Function<String, ChatModel> models) {
        var problems = new ConfigProblems();
        JsonNode evaluate = document.json().path("evaluate");
        var measured = new ArrayList<String>();
        for (String key : List.of("model", "against")) {
            if (evaluate.path(key).isString()) {
                measured.add(evaluate.path(key).asString());
            }
        }
        var judges = new Judges(folder, measured, models);
        EvalPlan plan = EvalPlan.read(problems, document.json(), judges);
        Path data = folder.resolve(plan.data());
        if (!plan.data().isEmpty() && !Files.isRegularFile(data)) {
            problems.add("/evaluate/data", "names " + data + ", which is no file");
        }
        if (!problems.isEmpty()) {
            var told = new RecipeProblems();
            problems.all().forEach(
                    p -> told.add(document.line(p.pointer()), p.pointer().isEmpty() ? "/" : p.pointer(), p.text()));
            throw told.asException(Code.RECIPE_INVALID, source);
        }
        return new EvalFile(folder, plan, judges, questions(data, plan), models);
    }

    /** Where answers are kept unless somebody says otherwise: {@code .attune/eval/answers.jsonl} in the file's folder. */
    public Path answers() {
        return folder.resolve(".attune").resolve("eval").resolve("answers.jsonl");
    }

    /**
     * Asks, scores, compares and decides, with the answers kept in {@link #answers()}; for tests and programs.
     *
     * @throws WorkflowException where the answers cannot be kept
     */
    public EvalReport evaluate() throws InterruptedException {
        try (CallJournal journal = CallJournal.open(answers()); Asker asker = new Asker(journal, plan.limits())) {
            return evaluate(asker, (what, done, all) -> {});
        } catch (IOException e) {
            throw new WorkflowException(Code.IO, answers() + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** The same through an asker, and with somebody who hears how far it is. */
    public EvalReport evaluate(Asker asker, EvalRun.Progress progress) throws InterruptedException {
        judges.askThrough(asker);
        return new Evaluator(plan, asker, progress).run(questions, models.apply(plan.model()),
                plan.against().isEmpty() ? Optional.empty() : Optional.of(models.apply(plan.against())));
    }

    private static QuestionFile questions(Path data, EvalPlan plan) {
        try {
            QuestionFile file = QuestionFile.read(data, plan.prompt());
            if (file.questions().isEmpty()) {
                throw new WorkflowException(Code.DATA_INVALID,
                        data + " holds nothing that can be asked; write one JSON object a line,"
                                + " such as {\"input\": \"a question\", \"ideal\": \"the answer\"}.",
                        file.problems());
            }
            return file;
        } catch (IOException e) {
            throw new WorkflowException(Code.IO, data + " cannot be read as UTF-8 text (" + e.getMessage() + ").", e);
        }
    }
}
