package dev.attune.workflow;

import com.openai.client.OpenAIClient;
import dev.attune.dataset.Row;
import dev.attune.dataset.Split;
import dev.attune.evals.PairedComparison;
import dev.attune.evals.decide.Decision;
import dev.attune.evals.decide.EvalReport;
import dev.attune.evals.run.ModelResult;
import dev.attune.workflow.Evaluation.Contestant;
import dev.attune.workflow.Evaluation.Outcome;
import dev.attune.workflow.WorkflowException.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One run of a recipe: check, split, upload, tune, evaluate, report. Every step is journaled in the state folder with
 * what it depended on; a run that was stopped, at whatever instant, goes on where it stopped, and a step whose inputs
 * changed is done again. It speaks only the OpenAI protocol, prints nothing, and does not close the client.
 */
public final class RecipeRun {
    private static final int EXAMPLES = 3;
    private static final int FEWEST_ANSWER_TOKENS = 16;
    private static final int MOST_ANSWER_TOKENS = 1024;

    /** Work that may be stopped. */
    private interface Work<T> {
        T run() throws InterruptedException;
    }

    private record Reported(String html, String json) {}

    /** @param unanswered questions that got no answer; they are asked again when the run is started again */
    private record Evaluated(List<PairedComparison> scores, List<Comparison> rows,
            Map<String, String> weights, @Nullable Decision decision, int unanswered) {}

    private final Recipe recipe;
    private final Path stateDir;
    private final OpenAIClient client;
    private final List<Path> modelFolders;
    private final RunListener listener;
    private final Pause pause;
    private final FineTuning server;
    private final RunData data;
    private final RunInputs inputs;

    /**
     * A run that is ready to begin or to go on.
     *
     * @param stateDir belongs to this recipe alone; is made where it is not there
     * @param modelFolders folders whose children are base models, to count tokens as the base model counts them
     * @param listener hears one event at a time, on any of the run's threads
     */
    public RecipeRun(Recipe recipe, Path stateDir, OpenAIClient client, List<Path> modelFolders, RunListener listener) {
        this(recipe, stateDir, client, modelFolders, listener, Thread::sleep);
    }

    RecipeRun(Recipe recipe, Path stateDir, OpenAIClient client, List<Path> modelFolders, RunListener listener,
            Pause pause) {
        this.recipe = recipe;
        this.stateDir = stateDir;
        this.client = client;
        this.modelFolders = List.copyOf(modelFolders);
        Object oneAtATime = new Object();
        this.listener = event -> {
            synchronized (oneAtATime) {
                listener.on(event);
            }
        };
        this.pause = pause;
        this.server = new FineTuning(client, pause);
        this.data = new RunData(recipe, stateDir);
        this.inputs = new RunInputs(recipe, data);
    }

    /**
     * Runs to the end.
     *
     * @throws WorkflowException where a step cannot be done; what was done before stays done
     */
    public RunResult run() {
        try (Journal journal = Journal.open(stateDir); TokenCounting tokens = TokenCounting.of(recipe, modelFolders)) {
            return run(journal, tokens);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stopped(e);
        } catch (WorkflowException e) {
            throw Thread.currentThread().isInterrupted() ? stopped(e) : e;
        }
    }

    /** A request that was cut off by the interruption fails in its own words; what matters is that the run was stopped. */
    private WorkflowException stopped(Exception cause) {
        return new WorkflowException(Code.INTERRUPTED,
                "The run of " + recipe.name() + " was stopped; the same command goes on from there.", cause);
    }

    private RunResult run(Journal journal, TokenCounting tokens) throws InterruptedException {
        DataSummary found = step(journal, RunStep.CHECK, inputs.check(), DataSummary.class, s -> true,
                () -> new CheckStep(recipe, data, tokens, server, listener).run());
        SplitSummary split = step(journal, RunStep.SPLIT, inputs.split(), SplitSummary.class, data::holds, this::split);
        UploadedParts files = step(journal, RunStep.UPLOAD, inputs.upload(split), UploadedParts.class, this::isOnServer,
                () -> upload(split));
        Map<String, String> tuneInputs = inputs.tune(split);
        TuneStep.Outcome tuned = step(journal, RunStep.TUNE, tuneInputs, TuneStep.Outcome.class,
                outcome -> server.job(outcome.job().id()).isPresent(),
                () -> new TuneStep(recipe, journal, server, listener, pause).run(tuneInputs, files,
                        Fingerprint.of(new TreeMap<>(tuneInputs).toString())));
        Map<String, String> compared = server.modelFacts(recipe.comparedModel());
        Evaluated evaluated = step(journal, RunStep.EVALUATE, inputs.evaluate(split, tuned.job(), compared),
                Evaluated.class, e -> e.unanswered() == 0,
                () -> evaluate(tuned.job(), compared, tokens));
        return report(journal, found, split, tuned, evaluated);
    }

    /** Does a step, or takes what an earlier run left where inputs are the same and what it left still stands. */
    private <T> T step(Journal journal, RunStep step, Map<String, String> from, Class<T> type,
            Predicate<T> stillStands, Work<T> work)
            throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("Stopped before the step " + step.key());
        }
        Journal.Entry before = journal.entry(step).orElse(null);
        if (before != null) {
            if (!before.inputs().equals(from)) {
                listener.on(new RunEvent.StepOutdated(step, "What it was made from changed: "
                        + StepInputs.difference(before.inputs(), from) + "."));
            } else {
                T output = journal.output(before, type);
                if (stillStands.test(output)) {
                    listener.on(new RunEvent.StepReused(step));
                    return output;
                }
                listener.on(new RunEvent.StepOutdated(step, step == RunStep.EVALUATE
                        ? "Some questions got no answer."
                        : "What it made is no longer there."));
            }
        }
        listener.on(new RunEvent.StepStarted(step));
        long start = System.nanoTime();
        T output = work.run();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        journal.record(step, from, output, took.toMillis() / 1000.0);
        listener.on(new RunEvent.StepFinished(step, took));
        return output;
    }

    private SplitSummary split() {
        Split split = data.split();
        listener.on(new RunEvent.SplitMade(split.train().size(), split.validation().size(), split.test().size(),
                split.notes()));
        return data.summary(split);
    }

    private UploadedParts upload(SplitSummary split) throws InterruptedException {
        String train = upload(data.train());
        return new UploadedParts(train, split.validation() == 0 ? "" : upload(data.validation()));
    }

    private String upload(Path file) throws InterruptedException {
        UploadedFile uploaded = server.upload(file);
        listener.on(new RunEvent.FileUploaded(file, uploaded));
        return uploaded.id();
    }

    private boolean isOnServer(UploadedParts files) {
        return server.file(files.trainFileId()).isPresent()
                && (files.validationFileId().isEmpty() || server.file(files.validationFileId()).isPresent());
    }

    private Evaluated evaluate(TuningJob job, Map<String, String> compared, TokenCounting tokens)
            throws InterruptedException {
        List<Row> all = data.testRows();
        int most = recipe.evaluate().maxRows();
        List<Row> rows = most > 0 && most < all.size() ? all.subList(0, most) : all;
        int longest = all.stream().map(Row::output).mapToInt(tokens.ofText()).max().orElse(0);
        int maxTokens = Math.clamp(2L * longest + 8, FEWEST_ANSWER_TOKENS, MOST_ANSWER_TOKENS);
        if (recipe.evaluate().hasPlan()) {
            EvalReport found = new PlannedEvaluation(recipe, stateDir, client, listener).run(data.test(), maxTokens,
                    new Contestant(recipe.comparedModel(), Lineage.identity(compared)),
                    new Contestant(job.tunedModel(), job.id()));
            Outcome outcome = PlannedEvaluation.outcome(found);
            outcome.scores().forEach(score -> listener.on(new RunEvent.Scored(score)));
            return new Evaluated(outcome.scores(), outcome.rows(), tokens.weightHashes(), found.decision(),
                    found.tuned().errors() + found.base().map(ModelResult::errors).orElse(0));
        }
        try (AnswerBook book = AnswerBook.open(stateDir.resolve("answers.jsonl"))) {
            var outcome = new Evaluation(client, book, rows, maxTokens, listener, pause).compare(
                    new Contestant(recipe.comparedModel(), Lineage.identity(compared)),
                    new Contestant(job.tunedModel(), job.id()),
                    recipe.evaluate().scorers(), recipe.data().seed());
            outcome.scores().forEach(score -> listener.on(new RunEvent.Scored(score)));
            listener.on(new RunEvent.ExamplesPicked(
                    Comparison.pick(outcome.rows(), recipe.evaluate().scorers().getFirst(), EXAMPLES)));
            return new Evaluated(outcome.scores(), outcome.rows(), tokens.weightHashes(), new Decision(List.of()), 0);
        }
    }

    private RunResult report(Journal journal, DataSummary found, SplitSummary split, TuneStep.Outcome tuned,
            Evaluated evaluated) {
        listener.on(new RunEvent.StepStarted(RunStep.REPORT));
        long start = System.nanoTime();
        String scorer = recipe.evaluate().scorers().getFirst();
        List<Comparison> examples = Comparison.pick(evaluated.rows(), scorer, EXAMPLES);
        int misses = (int) evaluated.rows().stream().filter(row -> !row.tunedRight(scorer)).count();
        Instant finished = journal.entry(RunStep.EVALUATE).map(Journal.Entry::finishedAt).orElseGet(Instant::now);
        var seconds = new LinkedHashMap<String, Double>();
        for (RunStep step : RunStep.values()) {
            if (step != RunStep.REPORT) {
                journal.entry(step).ifPresent(entry -> seconds.put(step.key(), entry.seconds()));
            }
        }
        var report = new RunReport(recipe.name(), finished, recipe.base(), recipe.comparedModel(),
                tuned.job().tunedModel(),
                evaluated.scores(), misses,
                examples, tuned.curve(), found, split,
                Lineage.of(recipe, tuned.job(), evaluated.weights(), found, split), seconds);
        Path html = recipe.reportFile();
        Path json = HtmlReport.write(report, html);
        listener.on(new RunEvent.ReportWritten(html, json));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        journal.record(RunStep.REPORT, Map.of("report", html.toString()),
                new Reported(html.toString(), json.toString()),
                took.toMillis() / 1000.0);
        listener.on(new RunEvent.StepFinished(RunStep.REPORT, took));
        Decision decision = evaluated.decision() == null ? new Decision(List.of()) : evaluated.decision();
        return new RunResult(tuned.job().id(), tuned.job().tunedModel(), evaluated.scores(), examples, html, json,
                decision);
    }
}
