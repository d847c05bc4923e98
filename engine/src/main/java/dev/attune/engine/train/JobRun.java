package dev.attune.engine.train;

import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.data.JobFailedException;
import dev.attune.engine.data.TrainingExample;
import dev.attune.engine.data.TrainingMethod;
import dev.attune.engine.data.TrainingOrder;
import dev.attune.engine.tensor.Safetensors;
import dev.attune.engine.tensor.SafetensorsWriter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Model, optimizer and examples of one job, and where it stands in the data. Every step follows from the spec, the
 * examples and the state alone. Not thread-safe; whoever opens it closes it.
 */
public final class JobRun implements AutoCloseable {
    private static final LearningRateSchedule SCHEDULE = new LearningRateSchedule.Cosine(0.06, 0.02);
    private static final double LARGEST_GRADIENT = 0.3;
    static final int TOKENS_PER_PASS = 4096;
    static final int SMALL_VALIDATION = 8;
    private static final int PROBES = 3;
    /** The first pass also fetches weights and memory, and counts only where another one would take too long. */
    private static final double LONG_WARM_UP_SECONDS = 20;
    /** A pass that takes longer than this needs no other. */
    private static final double LONG_PROBE_SECONDS = 2;
    private static final String MOMENTS = "optimizer.safetensors";

    private final JobSpec spec;
    private final double peakLearningRate;
    private final Trainee trainee;
    private final MemoryPlan plan;
    private final JobOptimizer optimizer;
    private final GradientWorkers workers;
    private final Objective objective;
    private List<TrainingExample> training;
    private List<TrainingExample> validation;
    private List<TrainingExample> replay;
    private TrainingOrder order;
    private TrainingState state;
    private Ranks ranks = Ranks.ALONE;

    private JobRun(JobSpec spec, JobExamples examples, Trainee trainee, MemoryPlan plan, TrainingState state) {
        this.spec = spec;
        this.training = examples.training().examples();
        this.validation = examples.validation().examples();
        this.replay = examples.replay().examples();
        this.order = order();
        this.objective = Objective.of(spec.method());
        this.trainee = trainee;
        this.plan = plan;
        this.optimizer = trainee.optimizer();
        this.workers = new GradientWorkers(trainee, objective, state.threads(), state.tokensPerPass());
        this.peakLearningRate = spec.hyperparameters().learningRateMultiplier()
                * AutoHyperparameters.learningRate(trainee.config(), spec.method(), spec.tuning());
        this.state = state;
    }

    private TrainingOrder order() {
        return new TrainingOrder(training, replay, spec.data().replayShare(), spec.seed());
    }

    /** A run at its beginning. */
    public static JobRun begin(JobSpec spec, JobExamples examples, int threads) {
        return begin(spec, examples, threads, MemoryPlan.of(spec, ModelConfig.read(spec.base()), threads,
                examples.longest(), MemoryEstimate.machineBytes()));
    }

    /** @param tokensPerPass batches of more tokens go through the model in several passes whose gradients are added */
    public static JobRun begin(JobSpec spec, JobExamples examples, int threads, int tokensPerPass) {
        return begin(spec, examples, threads, new MemoryPlan(tokensPerPass, false, 0));
    }

    private static JobRun begin(JobSpec spec, JobExamples examples, int threads, MemoryPlan plan) {
        return new JobRun(spec, examples, Trainee.begin(spec, plan.recompute()), plan,
                TrainingState.begin(spec.seed(), threads, plan.tokensPerPass()));
    }

    /** A run that goes on from what {@link #writeTo} wrote. */
    static JobRun resume(JobSpec spec, JobExamples examples, Path directory, TrainingState state) {
        MemoryPlan plan = MemoryPlan.fixed(spec, ModelConfig.read(spec.base()), state.threads(), examples.longest(),
                state.tokensPerPass(), MemoryEstimate.machineBytes());
        var run = new JobRun(spec, examples, Trainee.resume(spec, directory, plan.recompute()), plan, state);
        try (Safetensors moments = Safetensors.openFile(directory.resolve(MOMENTS))) {
            run.optimizer.load(moments, state.step());
            return run;
        } catch (RuntimeException e) {
            run.close();
            throw e;
        }
    }

    /**
     * Gives pairs what the model thought of them before training: as the file says where there is one, else computed and
     * written to it.
     */
    void takeReferences(Path file) throws IOException {
        if (!(spec.method() instanceof TrainingMethod.Dpo)) {
            return;
        }
        if (!Files.exists(file)) {
            if (state.step() > 0) {
                throw new JobFailedException("file_changed", "The file " + file
                        + " is gone, and it cannot be made again once training has begun: create the job again.", "");
            }
            ReferenceFile.write(file, workers, List.of(training, validation, replay));
        }
        int measured = training.size() + validation.size();
        List<TrainingExample.Reference> references = ReferenceFile.read(file, measured + replay.size());
        validation = ReferenceFile.known(validation, references, training.size());
        replay = ReferenceFile.known(replay, references, measured);
        training = ReferenceFile.known(training, references, 0);
        order = order();
    }

    /** From now on each step is taken with others, by their sums. */
    void share(Ranks others) {
        ranks = others;
    }

    /** Writes all that {@link #resume} needs. */
    void writeTo(Path directory) throws IOException {
        trainee.save(directory);
        var writer = new SafetensorsWriter();
        optimizer.save(writer);
        writer.write(directory.resolve(MOMENTS));
    }

    Trainee trainee() {
        return trainee;
    }

    TrainingState state() {
        return state;
    }

    MemoryPlan plan() {
        return plan;
    }

    /**
     * Seconds that a token of a training step takes: as much of the next batch as goes through the model at once is gone
     * through, and nothing is changed.
     */
    double probeSecondsPerToken() {
        var some = new ArrayList<TrainingExample>();
        int tokens = 0;
        for (TrainingExample example : nextBatch()) {
            if (tokens == 0
                    || tokens + example.length() <= GradientWorkers.count(state.threads()) * state.tokensPerPass()) {
                some.add(example);
                tokens += example.length();
            }
        }
        double seconds = seconds(some);
        for (int i = 0; i < PROBES && seconds < (i == 0 ? LONG_WARM_UP_SECONDS : LONG_PROBE_SECONDS); i++) {
            seconds = i == 0 ? seconds(some) : Math.min(seconds, seconds(some));
        }
        return seconds / tokens;
    }

    private double seconds(List<TrainingExample> batch) {
        long began = System.nanoTime();
        workers.gradients(batch, objective.units(batch), 0);
        return (System.nanoTime() - began) / 1e9;
    }

    int stepsPerEpoch() {
        int batch = spec.hyperparameters().batchSize();
        return (order.size() + batch - 1) / batch;
    }

    int totalSteps() {
        return stepsPerEpoch() * spec.hyperparameters().epochs();
    }

    public boolean done() {
        return state.step() >= totalSteps() || stoppedEarly();
    }

    /** Whether the validation loss has not fallen for as long as the job has patience. */
    boolean stoppedEarly() {
        return spec.watch().patience() > 0 && state.best().since() >= spec.watch().patience()
                && state.step() < totalSteps();
    }

    /** Tokens that went through the model in the epochs that are done. */
    long trainedTokens() {
        return order.tokens(state.epochsDone());
    }

    /**
     * Takes one optimizer step over the next batch: the gradient is that of the mean loss over the whole batch, in
     * however many passes it is formed.
     *
     * @throws JobFailedException where the loss is no longer a number, or far above what it was
     */
    public StepFindings step() {
        List<TrainingExample> batch = nextBatch();
        List<BatchSum> found = gradients(batch);
        BatchSum sum = BatchSum.of(found);
        ranks.add(trainee.parameters().gradients());
        double norm = trainee.parameters().clipGradients(LARGEST_GRADIENT);
        if (!Double.isFinite(sum.meanLoss()) || !Double.isFinite(norm)) {
            throw Divergence.notANumber(state.step() + 1, rows(batch),
                    spec.hyperparameters().learningRateMultiplier());
        }
        LossTrend trend = state.trend().after(sum.meanLoss());
        if (trend.hasDiverged(trainee.config().vocabularySize())) {
            throw Divergence.tooHigh(state.step() + 1, trend, rows(batch),
                    spec.hyperparameters().learningRateMultiplier());
        }
        optimizer.step(peakLearningRate * SCHEDULE.at((state.step() + 0.5) / totalSteps()));
        var findings = new StepFindings(sum, trained(batch, found),
                batch.stream().mapToInt(TrainingExample::length).sum());
        state = state.after(batch.size(), order.size(), trend);
        return findings;
    }

    /** Sets the gradients to those of this process's share of a batch; gives what all have found of its examples. */
    private List<BatchSum> gradients(List<TrainingExample> batch) {
        long seed = new SplittableRandom(state.seed() + state.step()).nextLong();
        if (ranks.size() == 1) {
            return workers.gradients(batch, objective.units(batch), seed);
        }
        BatchShare own = BatchShare.of(batch, ranks.size()).get(ranks.rank());
        return ranks.gather(own, workers.gradients(own.examples(), objective.units(batch), seed + ranks.rank()),
                batch.size());
    }

    /** Those of the next batch that are not replayed, with what was found of them. */
    private List<MeasuredExample> trained(List<TrainingExample> batch, List<BatchSum> found) {
        TrainingOrder.Epoch epoch = order.epoch(state.epoch());
        return IntStream.range(0, batch.size()).filter(i -> !epoch.isReplayed(state.position() + i))
                .mapToObj(i -> new MeasuredExample(epoch.number(state.position() + i), batch.get(i).line(),
                        found.get(i)))
                .toList();
    }

    private List<TrainingExample> nextBatch() {
        int to = Math.min(order.size(), state.position() + spec.hyperparameters().batchSize());
        return List.copyOf(order.epoch(state.epoch()).subList(state.position(), to));
    }

    /** The rows of the next step's batch, with the loss of each. */
    private List<Divergence.Row> rows(List<TrainingExample> batch) {
        var rows = new ArrayList<Divergence.Row>();
        workers.each(batch, (example, sequences) -> rows.add(new Divergence.Row(example.line(),
                order.epoch(state.epoch()).isReplayed(state.position() + rows.size()),
                objective.measure(example, sequences).meanLoss())));
        return rows;
    }

    boolean hasValidation() {
        return !validation.isEmpty();
    }

    /** What some validation examples say; which, follows from the step. */
    BatchSum validateSome() {
        int count = Math.min(SMALL_VALIDATION, validation.size());
        var some = new ArrayList<TrainingExample>();
        for (int i = 0; i < count; i++) {
            some.add(validation.get((int) (((long) state.step() * SMALL_VALIDATION + i) % validation.size())));
        }
        return workers.measure(some);
    }

    /** What all validation examples say; the state remembers the best. */
    BatchSum validateAll() {
        BatchSum sum = workers.measure(validation);
        state = state.validated(sum.meanLoss());
        return sum;
    }

    /** Tells what the model says now of every example of the training file, in the file's order. */
    void measureRows(Consumer<MeasuredExample> visitor) {
        var seen = new AtomicInteger();
        workers.each(training, (example, sequences) -> visitor.accept(new MeasuredExample(seen.getAndIncrement(),
                example.line(), objective.measure(example, sequences))));
    }

    /** Examples of the training file. */
    int rows() {
        return training.size();
    }

    @Override
    public void close() {
        workers.close();
        optimizer.close();
        trainee.close();
    }
}
