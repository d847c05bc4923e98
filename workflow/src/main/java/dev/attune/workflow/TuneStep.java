package dev.attune.workflow;

import com.openai.errors.OpenAIException;
import dev.attune.workflow.WorkflowException.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Has the model tuned by one job, however often the run is stopped. A run id is journaled before the job is asked for and
 * stands in the job's metadata, so that a job whose answer got lost is found again and not started twice.
 */
final class TuneStep {
    /** The key of the run id in a job's metadata. */
    static final String RUN_KEY = "attune_run";
    private static final int TRIES = 4;

    /** What came out: the job at its end, and the metrics of training by step; of a step that was done again, the last. */
    record Outcome(TuningJob job, List<JobEvent.Metrics> curve) {}

    private final Recipe recipe;
    private final Journal journal;
    private final FineTuning server;
    private final RunListener listener;
    private final Pause pause;

    TuneStep(Recipe recipe, Journal journal, FineTuning server, RunListener listener, Pause pause) {
        this.recipe = recipe;
        this.journal = journal;
        this.server = server;
        this.listener = listener;
        this.pause = pause;
    }

    /** @param recipeHash stands in the job's metadata beside the run id */
    Outcome run(Map<String, String> inputs, UploadedParts files, String recipeHash) throws InterruptedException {
        dropOutdated(inputs);
        TuningJob job = job(inputs, files, recipeHash);
        var curve = new TreeMap<Integer, JobEvent.Metrics>();
        TuningJob ended = server.follower(job.id()).follow(event -> {
            if (event instanceof JobEvent.Metrics metrics) {
                curve.put(metrics.step(), metrics);
            }
            listener.on(new RunEvent.JobProgress(event));
        });
        if (!ended.succeeded()) {
            journal.forgetPendingJob();
            throw ended.status().equals("cancelled")
                    ? new WorkflowException(Code.JOB_CANCELLED,
                            "Job " + ended.id() + " was cancelled; run again to start a new one.")
                    : new WorkflowException(Code.JOB_FAILED, "Job " + ended.id() + " failed: " + reason(ended)
                            + "; mend that and run again to start a new one.");
        }
        if (ended.tunedModel().isEmpty()) {
            throw new WorkflowException(Code.REFUSED,
                    "Job " + ended.id() + " succeeded but the server names no tuned model.");
        }
        return new Outcome(ended, List.copyOf(curve.values()));
    }

    /** A job that was asked for other inputs serves nobody any more. */
    private void dropOutdated(Map<String, String> inputs) {
        Journal.PendingJob pending = journal.pendingJob().orElse(null);
        if (pending == null || pending.inputs().equals(inputs)) {
            return;
        }
        Optional<TuningJob> job = existing(pending);
        job.filter(j -> !j.isTerminal()).ifPresent(j -> {
            listener.on(new RunEvent.StepOutdated(RunStep.TUNE, "Job " + j.id() + " was started for other inputs ("
                    + StepInputs.difference(pending.inputs(), inputs) + ") and is cancelled."));
            server.cancel(j.id());
        });
        journal.forgetPendingJob();
    }

    private TuningJob job(Map<String, String> inputs, UploadedParts files, String recipeHash)
            throws InterruptedException {
        Optional<TuningJob> known = journal.pendingJob().flatMap(this::existing);
        if (known.isPresent()) {
            return remembered(inputs, known.get(), true);
        }
        String runId = journal.pendingJob().map(Journal.PendingJob::runId)
                .orElseGet(() -> UUID.randomUUID().toString());
        journal.pendingJob(new Journal.PendingJob(runId, "", inputs));
        var tune = recipe.tune();
        TuningSettings settings = tune.settings();
        Optional<Path> replay = recipe.replayFile();
        if (replay.isPresent()) {
            settings = settings.withReplayFile(server.upload(replay.get()).id());
        }
        var request = new JobRequest(recipe.base(), files.trainFileId(), files.validationFileId(), tune.suffix(),
                tune.epochs(),
                tune.batchSize(), tune.learningRateMultiplier(), tune.seed(), settings,
                Map.of(RUN_KEY, runId, "attune_recipe", recipe.name(), "attune_inputs", recipeHash), runId);
        return remembered(inputs, createOnce(request, runId), false);
    }

    private TuningJob createOnce(JobRequest request, String runId) throws InterruptedException {
        long pauseMillis = 500;
        for (int attempt = 1;; attempt++) {
            try {
                return server.create(request);
            } catch (WorkflowException e) {
                if (!(e.getCause() instanceof OpenAIException cause && WireErrors.isPassing(cause))
                        || attempt >= TRIES) {
                    throw e;
                }
                pause.sleep(Duration.ofMillis(pauseMillis));
                pauseMillis *= 2;
                Optional<TuningJob> arrived = server.find(Map.of(RUN_KEY, runId));
                if (arrived.isPresent()) {
                    return arrived.get();
                }
            }
        }
    }

    private TuningJob remembered(Map<String, String> inputs, TuningJob job, boolean resumed) {
        String runId = journal.pendingJob().map(Journal.PendingJob::runId).orElse("");
        journal.pendingJob(new Journal.PendingJob(runId, job.id(), inputs));
        listener.on(new RunEvent.JobStarted(job, resumed));
        return job;
    }

    private Optional<TuningJob> existing(Journal.PendingJob pending) {
        return pending.jobId().isEmpty() ? server.find(Map.of(RUN_KEY, pending.runId())) : server.job(pending.jobId());
    }

    private static String reason(TuningJob job) {
        String message = job.errorMessage().isEmpty() ? "the server does not say why" : job.errorMessage();
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }
}
