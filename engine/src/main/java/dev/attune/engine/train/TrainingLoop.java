package dev.attune.engine.train;

import dev.attune.engine.train.TrainingPace.Pause;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The steps of a job from where it stands to its end, and what is done between them: the model is validated, the figures
 * and the losses of rows are kept, checkpoints are made, and all of it is told. Used once, by one thread.
 */
final class TrainingLoop {
    private static final Duration BETWEEN_REPORTS = Duration.ofMillis(400);
    private static final int SMALL_VALIDATIONS = 50;

    private final JobDirectory directory;
    private final JobSpec spec;
    private final ProgressLog log;
    private final DiskRoom room;
    private final JobRun run;
    private final MetricsTable table;
    private final Ranks ranks;
    private final TrainingPace pace;
    private final Duration betweenCheckpoints;
    private final int validateEvery;
    /** The last step that was told, perhaps by a trainer before this one. */
    private int told;
    private long toldTime;
    private int savedAt;
    private long savedTime = System.nanoTime();
    private StepMetrics metrics = new StepMetrics(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN,
            Double.NaN);

    /**
     * @param pace knows how many tokens are measured between steps
     * @param betweenCheckpoints time after which a checkpoint is made within an epoch
     */
    TrainingLoop(JobDirectory directory, ProgressLog log, DiskRoom room, JobRun run, MetricsTable table, Ranks ranks,
            TrainingPace pace, Duration betweenCheckpoints) {
        this.directory = directory;
        this.spec = directory.spec();
        this.log = log;
        this.room = room;
        this.run = run;
        this.table = table;
        this.ranks = ranks;
        this.pace = pace;
        this.betweenCheckpoints = betweenCheckpoints;
        this.validateEvery = validateEvery(spec, run.totalSteps());
        this.told = log.lines().stream().mapToInt(line -> line instanceof Progress.Step step ? step.step() : 0).max()
                .orElse(0);
        this.savedAt = run.state().step();
    }

    /** Steps from one small validation to the next. */
    static int validateEvery(JobSpec spec, int totalSteps) {
        return spec.watch().validateEvery() > 0
                ? spec.watch().validateEvery()
                : Math.max(1, totalSteps / SMALL_VALIDATIONS);
    }

    /**
     * Trains to the end, or until something else is wished.
     *
     * @param wish asked before each step
     */
    Trainer.Rest run(Supplier<Trainer.Wish> wish) throws IOException {
        try (var rows = new RowLosses(directory.path(), run.rows())) {
            while (!run.done()) {
                if (directory.isCancelRequested()) {
                    log.append(seq -> new Progress.Cancelled(seq, Instant.now()));
                    rows.remove();
                    return Trainer.Rest.OVER;
                }
                if (wish.get() == Trainer.Wish.STOP) {
                    return stop(rows, Progress.Level.INFO, "The trainer stopped after step " + run.state().step()
                            + "; training continues when it is started again.");
                }
                int epochsBefore = run.state().epochsDone();
                Optional<StepFindings> found = step();
                if (found.isEmpty()) {
                    return stop(rows, Progress.Level.WARN, "Another of the " + ranks.size()
                            + " workers is gone: training stopped after step " + run.state().step()
                            + "; start the workers again, any number of them goes on.");
                }
                keep(found.get(), epochsBefore, rows);
            }
            rows.remove();
            return Trainer.Rest.OVER;
        }
    }

    private Trainer.Rest stop(RowLosses rows, Progress.Level level, String why) throws IOException {
        if (run.state().step() > savedAt) {
            save(rows);
        }
        log.note(level, why);
        return Trainer.Rest.STOPPED;
    }

    /** Takes a step with all workers; empty where one of them is gone, and nothing has changed. */
    private Optional<StepFindings> step() throws IOException {
        try {
            ranks.add(1);
            return Optional.of(pace.step(run::step, StepFindings::tokens));
        } catch (Ranks.Lost e) {
            return Optional.empty();
        }
    }

    /** Keeps and tells what a step has found, and ends the epoch where it was the last one of it. */
    private void keep(StepFindings found, int epochsBefore, RowLosses rows) throws IOException {
        boolean epochEnd = run.state().atEpochEnd();
        if (spec.watch().rowLosses()) {
            write(() -> rows.found(epochsBefore, found.rows()));
        }
        metrics = measure(found.sum());
        table.add(metrics);
        tell(epochsBefore + 1);
        if (epochEnd && run.hasValidation()) {
            new JobNotes(log).validated(run.state().best(), metrics, epochsBefore + 1);
        }
        if (epochEnd && spec.watch().rowLosses()) {
            write(() -> rows.publish(epochsBefore));
            if (run.done()) {
                int epochs = run.state().epochsDone();
                write(() -> pace.pause(Pause.ROW_LOSSES, () -> {
                    rows.measure(run, epochs);
                    rows.publish(epochs);
                    return rows;
                }));
            }
        }
        if (epochEnd || System.nanoTime() - savedTime >= betweenCheckpoints.toNanos()) {
            Checkpoint checkpoint = save(rows);
            if (epochEnd) {
                new JobNotes(log).saved(directory, checkpoint);
            }
        }
    }

    private interface Writing {
        void write() throws IOException;
    }

    private void write(Writing writing) throws IOException {
        room.write(log::note, () -> {
            writing.write();
            return this;
        });
    }

    private StepMetrics measure(BatchSum sum) throws IOException {
        int step = run.state().step();
        boolean all = run.hasValidation() && run.state().atEpochEnd();
        boolean some = run.hasValidation() && (all || step % validateEvery == 0);
        Optional<BatchSum> small = some
                ? Optional.of(pace.pause(Pause.SMALL_VALIDATION, run::validateSome))
                : Optional.empty();
        Optional<BatchSum> full = all
                ? Optional.of(pace.pause(Pause.VALIDATION, run::validateAll))
                : Optional.empty();
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

    /** Tells the step's figures, if they are new and it is time. */
    private void tell(int epoch) throws IOException {
        int step = run.state().step();
        long now = System.nanoTime();
        if (step > told && (run.state().atEpochEnd() || step == 1 || now - toldTime >= BETWEEN_REPORTS.toNanos())) {
            log.append(seq -> new Progress.Step(seq, Instant.now(), run.totalSteps(), epoch, metrics,
                    pace.tokensPerSecond(), pace.secondsFor(run.totalSteps() - step, toCome(step))));
            toldTime = now;
        }
    }

    /** What comes between the steps after this one, and before the end. */
    private Map<Pause, Integer> toCome(int step) {
        int epochs = run.totalSteps() / run.stepsPerEpoch() - step / run.stepsPerEpoch();
        var toCome = new EnumMap<Pause, Integer>(Pause.class);
        toCome.put(Pause.CHECKPOINT, epochs + (run.state().atEpochEnd() ? 1 : 0));
        toCome.put(Pause.ROW_LOSSES, spec.watch().rowLosses() ? 1 : 0);
        if (run.hasValidation()) {
            toCome.put(Pause.VALIDATION, epochs);
            int small = run.totalSteps() / validateEvery - step / validateEvery;
            for (int end = run.totalSteps(); end > step; end -= run.stepsPerEpoch()) {
                small += end % validateEvery == 0 ? 0 : 1;
            }
            toCome.put(Pause.SMALL_VALIDATION, small);
        }
        return toCome;
    }

    private Checkpoint save(RowLosses rows) throws IOException {
        Checkpoint checkpoint = room.write(log::note, () -> pace.pause(Pause.CHECKPOINT, () -> {
            rows.force();
            return directory.store().save(run.state(), metrics, aside -> {
                run.writeTo(aside);
                table.write(aside.resolve("history.csv"));
            });
        }));
        savedAt = run.state().step();
        savedTime = System.nanoTime();
        return checkpoint;
    }
}
