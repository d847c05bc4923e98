package dev.attune.workflow;

import com.openai.client.OpenAIClient;
import dev.attune.evals.PairedComparison;
import dev.attune.evals.decide.EvalHtml;
import dev.attune.evals.decide.EvalReport;
import dev.attune.evals.decide.Evaluator;
import dev.attune.evals.run.Asker;
import dev.attune.evals.run.CallJournal;
import dev.attune.evals.run.ChatModel;
import dev.attune.evals.run.Outcome.Scored;
import dev.attune.evals.run.ScoredRow;
import dev.attune.workflow.Evaluation.Contestant;
import dev.attune.workflow.WorkflowException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/**
 * The evaluation of a recipe that says more than names of scorers: slices, judges, a gate. Answers are kept in the state
 * folder; the page with slices, gate and rows stands beside the recipe's report as {@code …-evaluation.html}.
 */
final class PlannedEvaluation {
    private final Recipe recipe;
    private final Path stateDir;
    private final OpenAIClient client;
    private final RunListener listener;

    PlannedEvaluation(Recipe recipe, Path stateDir, OpenAIClient client, RunListener listener) {
        this.recipe = recipe;
        this.stateDir = stateDir;
        this.client = client;
        this.listener = listener;
    }

    EvalReport run(Path test, int maxTokens, Contestant base, Contestant tuned) throws InterruptedException {
        ObjectNode root = file(recipe, test, base.model(), tuned.model());
        ((ObjectNode) root.get("evaluate")).put("max_tokens", maxTokens);
        Map<String, String> identities = Map.of(base.model(), base.identity(), tuned.model(), tuned.identity());
        Function<String, ChatModel> models = name -> new OpenAiChatModel(client, name,
                identities.getOrDefault(name, ""));
        EvalFile file = EvalFile.of(recipe.source().toString(), recipe.folder(), root, models);
        try (CallJournal journal = CallJournal.open(stateDir.resolve("evaluation.jsonl"));
                Asker asker = new Asker(journal, file.plan().limits())) {
            file.judges().askThrough(asker);
            EvalReport report = new Evaluator(file.plan(), asker,
                    (what, done, all) -> listener.on(new RunEvent.Answered(what, done, all))).run(file.questions(),
                            models.apply(tuned.model()), Optional.of(models.apply(base.model())));
            Files.writeString(page(), EvalHtml.of(report));
            return report;
        } catch (IOException e) {
            throw new WorkflowException(Code.IO, "The evaluation cannot be kept (" + e.getMessage() + ").", e);
        }
    }

    /** What the recipe says, as an evaluation file says it. */
    static ObjectNode file(Recipe recipe, Path test, String base, String tuned) {
        ObjectNode root = ((ObjectNode) recipe.evaluate().plan()).deepCopy();
        ObjectNode evaluate = ((ObjectNode) root.get("evaluate")).put("model", tuned).put("against", base)
                .put("data", test.toString()).put("seed", recipe.data().seed());
        if (recipe.evaluate().maxRows() > 0) {
            evaluate.put("max_rows", recipe.evaluate().maxRows());
        }
        return root;
    }

    private Path page() throws IOException {
        Path page = recipe.evaluationPage();
        Path folder = page.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        return page;
    }

    /** The same in the form that the recipe's report is made of. */
    static Evaluation.Outcome outcome(EvalReport report) {
        List<PairedComparison> scores = report.scorers().stream().flatMap(scorer -> scorer.comparison().stream())
                .toList();
        Map<String, ScoredRow> base = new HashMap<>();
        report.base().ifPresent(result -> result.rows().forEach(row -> base.put(row.question().id(), row)));
        var rows = new ArrayList<Comparison>();
        for (ScoredRow tuned : report.tuned().rows()) {
            ScoredRow other = base.get(tuned.question().id());
            if (other != null && tuned.repeat() == 0) {
                rows.add(new Comparison(tuned.question().line(), tuned.question().text(), tuned.question().expected(),
                        other.text(),
                        tuned.text(), values(report, other), values(report, tuned)));
            }
        }
        return new Evaluation.Outcome(scores, rows);
    }

    private static Map<String, Double> values(EvalReport report, ScoredRow row) {
        var values = new LinkedHashMap<String, Double>();
        for (int i = 0; i < row.outcomes().size(); i++) {
            if (row.outcomes().get(i) instanceof Scored scored) {
                values.put(report.tuned().scorers().get(i), scored.score().value());
            }
        }
        return values;
    }
}
