package dev.attune.server.jobs;

import dev.attune.engine.train.JobDirectory;
import dev.attune.engine.train.Progress;
import dev.attune.engine.train.Rewards;
import dev.attune.engine.train.StepMetrics;
import dev.attune.server.files.Contents;
import dev.attune.server.files.FileRules;
import dev.attune.server.files.FileStore;
import dev.attune.server.models.ModelName;
import dev.attune.server.models.TunedModel;
import dev.attune.server.protocol.Json;
import dev.attune.server.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes over what a trainer has written down: each line of its progress becomes events, checkpoints, models and at last
 * the job's end, once, whatever dies in between.
 */
public final class JobProgress {
    private final Database database;
    private final FileStore files;
    private final Contents contents;
    private final String organization;

    public JobProgress(Database database, FileStore files, Contents contents, String organization) {
        this.database = database;
        this.files = files;
        this.contents = contents;
        this.organization = organization;
    }

    /** Takes over lines in their order; those taken over before are passed by. */
    void apply(Job job, JobDirectory directory, List<Progress> lines) {
        if (lines.isEmpty()) {
            return;
        }
        Progress last = lines.getLast();
        boolean succeeded = last instanceof Progress.Succeeded;
        List<Progress> before = succeeded ? lines.subList(0, lines.size() - 1) : lines;
        if (!before.isEmpty()) {
            database.write(handle -> {
                before.forEach(line -> take(handle, job.id(), directory, line));
                return true;
            });
        }
        if (last instanceof Progress.Succeeded success) {
            succeed(job, directory, success);
        }
    }

    private void take(Handle handle, String id, JobDirectory directory, Progress line) {
        Job job = JobStore.find(handle, id).orElseThrow();
        if (line.seq() <= job.progressSeq() || job.status() != JobStatus.RUNNING) {
            return;
        }
        switch (line) {
            case Progress.Started started -> estimate(handle, job, started.time().getEpochSecond(), -1);
            case Progress.Step step -> step(handle, job, step);
            case Progress.CheckpointSaved saved -> checkpoint(handle, job, directory, saved);
            case Progress.Note note -> JobEvent.append(handle, id, List.of(note.level() == Progress.Level.WARN
                    ? JobEvent.Draft.warn(note.message())
                    : JobEvent.Draft.info(note.message())));
            case Progress.Failed failed ->
                JobStore.fail(handle, id, JobStatus.RUNNING, new JobWire.JobError(failed.code(),
                        failed.message(), failed.param().isEmpty() ? null : failed.param()), List.of());
            case Progress.Cancelled cancelled -> JobStore.move(handle, id, JobStatus.RUNNING, JobStatus.CANCELLED,
                    List.of(JobEvent.Draft.info("Fine-tuning job cancelled")));
            case Progress.Succeeded succeeded -> throw new IllegalStateException("success is the last line");
        }
        handle.execute("update jobs set progress_seq = ? where id = ?", line.seq(), id);
    }

    private static void step(Handle handle, Job job, Progress.Step step) {
        if (step.step() <= job.lastStep()) {
            return;
        }
        StepMetrics at = step.metrics();
        var message = new StringBuilder("Step " + at.step() + "/" + step.totalSteps() + ": training loss="
                + two(at.trainLoss()));
        if (Double.isFinite(at.validLoss())) {
            message.append(", validation loss=").append(two(at.validLoss()));
        }
        if (Double.isFinite(at.fullValidLoss())) {
            message.append(", full validation loss=").append(two(at.fullValidLoss()));
        }
        ObjectNode data = Json.object().put("step", at.step()).put("total_steps", step.totalSteps())
                .put("epoch", step.epoch());
        metrics(data, at);
        finite(data, "tokens_per_second", step.tokensPerSecond());
        finite(data, "seconds_left", step.secondsLeft());
        JobEvent.append(handle, job.id(),
                List.of(new JobEvent.Draft("info", message.toString(), "metrics", data.toString())));
        handle.execute("update jobs set last_step = ? where id = ?", at.step(), job.id());
        estimate(handle, job, step.time().getEpochSecond(), step.secondsLeft());
    }

    private static void estimate(Handle handle, Job job, long now, double secondsLeft) {
        if (secondsLeft >= 0 && secondsLeft < 1e9) {
            handle.execute("update jobs set estimated_finish = ? where id = ?", now + Math.round(secondsLeft),
                    job.id());
        }
    }

    private void checkpoint(Handle handle, Job job, JobDirectory directory, Progress.CheckpointSaved saved) {
        if (JobCheckpoint.exists(handle, job.id(), saved.step())) {
            return;
        }
        String name = ModelName.checkpoint(job.base(), job.slug(organization), job.suffix(), saved.step());
        ObjectNode metrics = Json.object().put("step", saved.step());
        metrics(metrics, saved.metrics());
        TunedModel.add(handle, name, job.base(), job.id(), made(directory.path().resolve(saved.path())));
        JobCheckpoint.add(handle, job.id(), saved.step(), name, metrics.toString());
        JobEvent.append(handle, job.id(), List.of(JobEvent.Draft
                .info("Checkpoint created at step " + saved.step() + " with Snapshot ID: " + name)));
    }

    private void succeed(Job job, JobDirectory directory, Progress.Succeeded success) {
        try (var csv = contents.receive(out -> Files.copy(directory.result().resolve("metrics.csv"), out),
                FileRules.MAX_FILE_BYTES)) {
            files.addWith(csv, "step_metrics.csv", "fine-tune-results", null, (handle, file) -> {
                boolean moved = JobStore.move(handle, job.id(), JobStatus.RUNNING, JobStatus.SUCCEEDED, List.of());
                if (moved) {
                    String name = ModelName.tuned(job.base(), job.slug(organization), job.suffix());
                    TunedModel.add(handle, name, job.base(), job.id(), made(directory.result()));
                    JobEvent.append(handle, job.id(),
                            List.of(JobEvent.Draft.info("New fine-tuned model created: " + name),
                                    JobEvent.Draft.info("The job has successfully completed")));
                    handle.execute("update jobs set fine_tuned_model = ?, trained_tokens = ?, result_file = ?,"
                            + " progress_seq = ? where id = ?", name, success.trainedTokens(), file.id(), success.seq(),
                            job.id());
                }
                return moved;
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void metrics(ObjectNode data, StepMetrics at) {
        finite(data, "train_loss", at.trainLoss());
        finite(data, "train_mean_token_accuracy", at.trainAccuracy());
        finite(data, "valid_loss", at.validLoss());
        finite(data, "valid_mean_token_accuracy", at.validAccuracy());
        finite(data, "full_valid_loss", at.fullValidLoss());
        finite(data, "full_valid_mean_token_accuracy", at.fullValidAccuracy());
        rewards(data, "train", at.rewards());
        rewards(data, "valid", at.validRewards());
    }

    private static void rewards(ObjectNode data, String part, Rewards rewards) {
        finite(data, part + "_reward_accuracy", rewards.accuracy());
        finite(data, part + "_reward_margin", rewards.margin());
        finite(data, part + "_reward_preferred", rewards.preferred());
        finite(data, part + "_reward_other", rewards.other());
    }

    private static void finite(ObjectNode data, String key, double figure) {
        if (Double.isFinite(figure)) {
            data.put(key, figure);
        }
    }

    private static String two(double figure) {
        return String.format(Locale.ROOT, "%.2f", figure);
    }

    /** What a result or a checkpoint holds: an adapter, or a model whose weights were all trained. */
    private static Path made(Path directory) {
        Path model = directory.resolve("model");
        return Files.isDirectory(model) ? model : directory.resolve("adapter");
    }
}
