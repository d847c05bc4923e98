package dev.attune.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Does a job: reads its data, trains an adapter, and tells everything that happens in the job's progress. Continues from
 * the newest checkpoint where there is one; the result has the same bytes however often it was interrupted. Assistant
 * tokens only are trained, the stop token of each turn included; packed examples do not see each other. One thread, one
 * job; the caller holds the directory's lock.
 */
final class Trainer {
    private static final Duration BETWEEN_REPORTS = Duration.ofMillis(400);
    private static final int SMALL_VALIDATIONS = 50;
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
    enum Rest {
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
    Rest run() throws IOException {
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
            Rest rest = loop(log, room, run, table);
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
                tell(log, checkpoint);
            }
        }
    }

    /** Says what the job will take, and keeps it for the job's end. */
    private void estimate(ProgressLog log, JobRun run, JobExamples examples) throws IOException {
        double secondsPerToken = run.probeSecondsPerToken() / ranks.size();
        int epochs = spec.hyperparameters().epochs();
        long training = examples.training().tokens();
        long validation = examples.validation().tokens();
        double small = examples.validation().examples().isEmpty()
                ? 0
                : (double) SMALL_VALIDATIONS * JobRun.SMALL_VALIDATION * validation
                        / examples.validation().examples().size();
        var work = new JobEstimate.Work(epochs * training / (1 - spec.data().replayShare()),
                (double) epochs * (training + validation) + small);
        JobEstimate estimate = JobEstimate.of(work, secondsPerToken, ResidentMemory.most(), run.plan().bytes());
        EstimateFile.write(directory.path().resolve(EstimateFile.NAME), estimate);
        log.note(Progress.Level.INFO, estimate.told() + (spec.precision() == Precision.BFLOAT16
                ? " The base model's weights are multiplied in bfloat16."
                : "") + (run.plan().recompute() ? " Blocks are computed twice to save memory." : ""));
    }

    /** Says how far the estimate was from what came. */
    private void compareEstimate(ProgressLog log) throws IOException {
        Optional<JobEstimate> estimate = EstimateFile.read(directory.path().resolve(EstimateFile.NAME));
        if (estimate.isPresent()) {
            double took = ActiveTime.of(log.lines(), Instant.now()).toMillis() / 1e3;
            log.note(Progress.Level.INFO, estimate.get().compared(took, ResidentMemory.most()));
        }
    }

    private Rest loop(ProgressLog log, DiskRoom room, JobRun run, MetricsTable table) throws IOException {
        var pace = new TrainingPace();
        int told = log.lines().stream().mapToInt(line -> line instanceof Progress.Step step ? step.step() : 0).max()
                .orElse(0);
        int savedAt = run.state().step();
        long savedTime = System.nanoTime();
        long toldTime = 0;
        int validateEvery = spec.validateEvery() > 0
                ? spec.validateEvery()
                : Math.max(1, run.totalSteps() / SMALL_VALIDATIONS);
        StepMetrics metrics = new StepMetrics(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN,
                Double.NaN);
        while (!run.done()) {
            if (directory.isCancelRequested()) {
                log.append(seq -> new Progress.Cancelled(seq, Instant.now()));
                return Rest.OVER;
            }
            if (wish.get() == Wish.STOP) {
                if (run.state().step() > savedAt) {
                    StepMetrics last = metrics;
                    room.write(log::note, () -> save(run, table, last));
                }
                log.note(Progress.Level.INFO, "The trainer stopped after step " + run.state().step()
                        + "; training continues when it is started again.");
                return Rest.STOPPED;
            }
            long began = System.nanoTime();
            int tokens = run.nextTokens();
            int epoch = run.state().epoch() + 1;
            Optional<BatchSum> taken = step(run);
            if (taken.isEmpty()) {
                if (run.state().step() > savedAt) {
                    StepMetrics last = metrics;
                    room.write(log::note, () -> save(run, table, last));
                }
                log.note(Progress.Level.WARN, "Another of the " + ranks.size()
                        + " workers is gone: training stopped after step " + run.state().step()
                        + "; start the workers again, any number of them goes on.");
                return Rest.STOPPED;
            }
            BatchSum sum = taken.get();
            metrics = measure(run, sum, validateEvery);
            table.add(metrics);
            if (run.state().atEpochEnd()) {
                List<RowLoss> losses = run.rowLosses();
                room.write(log::note, () -> {
                    RowLossFile.add(directory.path().resolve(RowLossFile.NAME), epoch, losses);
                    return losses;
                });
            }
            long now = System.nanoTime();
            pace.add((now - began) / 1e9, tokens);
            int step = run.state().step();
            boolean epochEnd = run.state().atEpochEnd();
            if (step > told && (epochEnd || step == 1 || now - toldTime >= BETWEEN_REPORTS.toNanos())) {
                StepMetrics figures = metrics;
                log.append(seq -> new Progress.Step(seq, Instant.now(), run.totalSteps(), epoch, figures,
                        pace.tokensPerSecond(), pace.secondsFor(run.totalSteps() - step)));
                toldTime = now;
            }
            if (epochEnd && run.hasValidation()) {
                new JobNotes(log).validated(run.state().best(), metrics, epoch);
            }
            if (epochEnd || now - savedTime >= betweenCheckpoints.toNanos()) {
                StepMetrics figures = metrics;
                Checkpoint checkpoint = room.write(log::note, () -> save(run, table, figures));
                savedAt = step;
                savedTime = System.nanoTime();
                if (epochEnd) {
                    tell(log, checkpoint);
                }
            }
        }
        return Rest.OVER;
    }

    /** Takes a step with all workers; empty where one of them is gone, and nothing has changed. */
    private Optional<BatchSum> step(JobRun run) {
        try {
            ranks.add(1);
            return Optional.of(run.step());
        } catch (Ranks.Lost e) {
            return Optional.empty();
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

    private static StepMetrics measure(JobRun run, BatchSum sum, int validateEvery) {
        int step = run.state().step();
        boolean all = run.hasValidation() && run.state().atEpochEnd();
        boolean some = run.hasValidation() && (all || step % validateEvery == 0);
        Optional<BatchSum> small = some ? Optional.of(run.validateSome()) : Optional.empty();
        Optional<BatchSum> full = all ? Optional.of(run.validateAll()) : Optional.empty();
        return new StepMetrics(step, sum.meanLoss(), sum.accuracy(), loss(small), accuracy(small), loss(full),
                accuracy(full), sum.pairs().rewards(),
                full.or(() -> small).map(found -> found.pairs().rewards()).orElse(Rewards.NONE));
    }

    private static double loss(Optional<BatchSum> sum) {
        return sum.map(BatchSum::meanLoss).orElse(Double.NaN);
    }

    private static double accuracy(Optional<BatchSum> sum) {
        return sum.map(BatchSum::accuracy).orElse(Double.NaN);
    }

    private Checkpoint save(JobRun run, MetricsTable table, StepMetrics metrics) throws IOException {
        return directory.store().save(run.state(), metrics, aside -> {
            run.writeTo(aside);
            table.write(aside.resolve("history.csv"));
        });
    }

    /** Says that an epoch's checkpoint is there, unless that was said. */
    private void tell(ProgressLog log, Checkpoint checkpoint) throws IOException {
        boolean said = log.lines().stream().anyMatch(
                line -> line instanceof Progress.CheckpointSaved saved && saved.step() == checkpoint.step());
        if (!said) {
            log.append(seq -> new Progress.CheckpointSaved(seq, Instant.now(), checkpoint.step(),
                    checkpoint.epochsDone(), directory.path().relativize(checkpoint.directory()).toString(),
                    checkpoint.metrics()));
        }
    }

    /** Writes the result: with patience, what stood in the best checkpoint, else what stands now. */
    private void publish(JobRun run, MetricsTable table, ProgressLog log) throws IOException {
        Path aside = directory.path().resolve("result" + DurableFiles.PARTIAL);
        DurableFiles.deleteTree(aside);
        Files.createDirectories(aside);
        int best = run.state().best().step();
        boolean earlier = spec.patience() > 0 && best > 0 && best < run.state().step();
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
