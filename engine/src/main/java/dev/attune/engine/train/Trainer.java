package dev.attune.engine.train;

import dev.attune.engine.DurableFiles;
import dev.attune.engine.config.BaseModel;
import dev.attune.engine.config.Precision;
import dev.attune.engine.data.JobFailedException;
import dev.attune.engine.tensor.NativeThreads;
import dev.attune.engine.tensor.ResidentMemory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Does a job: reads its data, trains an adapter, and tells everything that happens in the job's progress. Continues from
 * the newest checkpoint where there is one; the result has the same bytes however often it was interrupted. Assistant
 * tokens only are trained, the stop token of each turn included; packed examples do not see each other. One thread, one
 * job; the caller holds the directory's lock.
 */
public final class Trainer {
    /** How the notes begin that say that a job is gone on with. */
    static final String CONTINUES = "Training continues";
    static final String BEGINS_AGAIN = "Training begins again";

    private final JobDirectory directory;
    private final JobSpec spec;
    private final Supplier<Wish> wish;
    private final Duration betweenCheckpoints;
    private final int threads;
    private final Ranks ranks;

    /** What someone wants of the trainer before its next step. */
    enum Wish {
        GO_ON, STOP
    }

    /** How training came to rest: the job is over, or it is to be gone on with. */
    public enum Rest {
        OVER, STOPPED
    }

    /**
     * @param wish asked before each step
     * @param betweenCheckpoints time after which a checkpoint is made within an epoch
     * @param threads threads to compute with, where the job has not begun with another number
     */
    Trainer(JobDirectory directory, Supplier<Wish> wish, Duration betweenCheckpoints, int threads) {
        this(directory, wish, betweenCheckpoints, threads, Ranks.ALONE);
    }

    /** @param ranks the processes that train together, of which this is the first */
    Trainer(JobDirectory directory, Supplier<Wish> wish, Duration betweenCheckpoints, int threads, Ranks ranks) {
        this.directory = directory;
        this.spec = directory.spec();
        this.wish = wish;
        this.betweenCheckpoints = betweenCheckpoints;
        this.threads = threads;
        this.ranks = ranks;
    }

    /** Trains to the end, or until something else is wished. */
    public Rest run() throws IOException {
        try (ProgressLog log = ProgressLog.open(directory.path().resolve("progress.jsonl"));
                var room = new DiskRoom(directory.path(), this::isToLeave)) {
            if (!log.lines().isEmpty() && log.lines().getLast().isFinal()) {
                return Rest.OVER;
            }
            log.waitFor(room);
            try {
                return train(log, room);
            } catch (DiskRoom.Left e) {
                return leave(log, room);
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                room.close();
                JobFailedException failure = JobFailures.of(e, directory);
                log.append(seq -> new Progress.Failed(seq, Instant.now(), failure.code(), failure.sentence(),
                        failure.param()));
                return Rest.OVER;
            }
        }
    }

    private boolean isToLeave() {
        return directory.isCancelRequested() || wish.get() == Wish.STOP;
    }

    /** Ends while there is no room on the disk: what came after the newest checkpoint is done again later. */
    private Rest leave(ProgressLog log, DiskRoom room) throws IOException {
        room.close();
        if (directory.isCancelRequested()) {
            log.append(seq -> new Progress.Cancelled(seq, Instant.now()));
            return Rest.OVER;
        }
        return Rest.STOPPED;
    }

    private Rest train(ProgressLog log, DiskRoom room) throws IOException {
        if (directory.isCancelRequested()) {
            log.append(seq -> new Progress.Cancelled(seq, Instant.now()));
            return Rest.OVER;
        }
        try (JobExamples examples = room.write(log::note, () -> JobExamples.read(directory))) {
            requireBaseUnchanged();
            return train(log, room, examples);
        }
    }

    private Rest train(ProgressLog log, DiskRoom room, JobExamples examples) throws IOException {
        Optional<Checkpoint> newest = newestCheckpoint(log);
        int computing = newest.isPresent() ? directory.store().state(newest.get()).threads() : threads;
        NativeThreads.use(computing);
        try (JobRun run = newest.isPresent()
                ? JobRun.resume(spec, examples, newest.get().directory(), directory.store().state(newest.get()))
                : JobRun.begin(spec, examples, computing)) {
            MetricsTable table = newest.isPresent()
                    ? MetricsTable.read(newest.get().directory().resolve("history.csv"))
                    : MetricsTable.empty(spec.method());
            room.write(log::note, () -> {
                run.takeReferences(directory.path().resolve(ReferenceFile.NAME));
                return run;
            });
            announce(log, run, examples, newest);
            Follower.Start.tell(run.state(), ranks);
            run.share(ranks);
            Rest rest = new TrainingLoop(directory, log, room, run, table, ranks, pace(examples), betweenCheckpoints)
                    .run(wish);
            dismiss();
            if (run.done()) {
                new JobNotes(log).ended(spec, run.state(), run.stoppedEarly());
                room.write(log::note, () -> {
                    publish(run, table, log);
                    return run;
                });
                compareEstimate(log);
                log.append(seq -> new Progress.Succeeded(seq, Instant.now(), run.trainedTokens()));
            }
            return rest;
        }
    }

    private Optional<Checkpoint> newestCheckpoint(ProgressLog log) throws IOException {
        directory.store().sweep();
        var damaged = new ArrayList<Path>();
        Optional<Checkpoint> newest = directory.store().newestIntact(damaged::add);
        for (Path path : damaged) {
            log.note(Progress.Level.WARN, "The checkpoint " + path.getFileName()
                    + " is damaged and is left out: training goes on from an older one.");
            directory.store().remove(path);
        }
        return newest;
    }

    private void announce(ProgressLog log, JobRun run, JobExamples examples, Optional<Checkpoint> newest)
            throws IOException {
        if (log.lines().stream().noneMatch(Progress.Started.class::isInstance)) {
            log.append(seq -> new Progress.Started(seq, Instant.now(), run.totalSteps(),
                    examples.training().examples().size(), examples.validation().examples().size(),
                    examples.training().tokens()));
            for (String lost : examples.lost()) {
                log.note(Progress.Level.WARN, lost);
            }
            estimate(log, run, examples);
        } else {
            log.note(Progress.Level.INFO, newest.isPresent()
                    ? CONTINUES + " after step " + newest.get().step() + "."
                    : BEGINS_AGAIN + " from the start: there was no checkpoint yet.");
        }
        for (Checkpoint checkpoint : directory.checkpoints()) {
            if (checkpoint.epochEnd()) {
                new JobNotes(log).saved(directory, checkpoint);
            }
        }
    }

    /** Says what the job will take, and keeps it for the job's end. */
    private void estimate(ProgressLog log, JobRun run, JobExamples examples) throws IOException {
        double secondsPerToken = run.probeSecondsPerToken() / ranks.size();
        int epochs = spec.hyperparameters().epochs();
        long training = examples.training().tokens();
        var work = new JobEstimate.Work(epochs * training / (1 - spec.data().replayShare()),
                (double) epochs * examples.validation().tokens()
                        + (double) run.totalSteps() / TrainingLoop.validateEvery(spec, run.totalSteps())
                                * smallValidation(examples)
                        + (spec.watch().rowLosses() ? training : 0));
        JobEstimate estimate = JobEstimate.of(work, secondsPerToken, ResidentMemory.most(), run.plan().bytes());
        EstimateFile.write(directory.path().resolve(EstimateFile.NAME), estimate);
        log.note(Progress.Level.INFO, estimate.told() + (spec.precision() == Precision.BFLOAT16
                ? " The base model's weights are multiplied in bfloat16."
                : "") + (run.plan().recompute() ? " Blocks are computed twice to save memory." : ""));
    }

    /** Tokens of the rows that a small validation measures. */
    private static long smallValidation(JobExamples examples) {
        int rows = examples.validation().examples().size();
        return examples.validation().tokens() * Math.min(rows, JobRun.SMALL_VALIDATION) / Math.max(1, rows);
    }

    private TrainingPace pace(JobExamples examples) {
        var pace = new TrainingPace(System::nanoTime, betweenCheckpoints.toNanos() / 1e9);
        pace.expect(TrainingPace.Pause.SMALL_VALIDATION, smallValidation(examples));
        pace.expect(TrainingPace.Pause.VALIDATION, examples.validation().tokens());
        pace.expect(TrainingPace.Pause.ROW_LOSSES, examples.training().tokens());
        return pace;
    }

    /** Says how far the estimate was from what came. */
    private void compareEstimate(ProgressLog log) throws IOException {
        Optional<JobEstimate> estimate = EstimateFile.read(directory.path().resolve(EstimateFile.NAME));
        if (estimate.isPresent()) {
            double took = ActiveTime.of(log.lines(), Instant.now()).toMillis() / 1e3;
            log.note(Progress.Level.INFO, estimate.get().compared(took, ResidentMemory.most()));
        }
    }

    /** Tells the other workers that there is no further step. */
    private void dismiss() {
        try {
            ranks.add(0);
        } catch (Ranks.Lost e) {
            // They have gone already.
        }
    }

    /** Writes the result: with patience, what stood in the best checkpoint, else what stands now. */
    private void publish(JobRun run, MetricsTable table, ProgressLog log) throws IOException {
        Path aside = directory.path().resolve("result" + DurableFiles.PARTIAL);
        DurableFiles.deleteTree(aside);
        Files.createDirectories(aside);
        int best = run.state().best().step();
        boolean earlier = spec.watch().patience() > 0 && best > 0 && best < run.state().step();
        Optional<Checkpoint> chosen = earlier ? directory.store().intact(best) : Optional.empty();
        if (chosen.isPresent()) {
            try (Trainee trainee = Trainee.resume(spec, chosen.get().directory(), false)) {
                trainee.publish(aside);
            }
        } else {
            if (earlier) {
                log.note(Progress.Level.WARN, "The best checkpoint, of step " + best
                        + ", is damaged: the result is the last one.");
            }
            run.trainee().publish(aside);
        }
        table.write(aside.resolve("metrics.csv"));
        DurableFiles.deleteTree(directory.result());
        DurableFiles.publishTree(aside, directory.result());
    }

    private void requireBaseUnchanged() {
        if (!spec.baseHash().isEmpty() && !spec.baseHash().equals(BaseModel.hash(spec.base()))) {
            throw new JobFailedException("model_changed", "The base model in " + spec.base()
                    + " is not the one the job was made with: create the job again.", "model");
        }
    }
}
