package dev.attune.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Model, optimizer and examples of one job, and where it stands in the data. Every step follows from the spec, the
 * examples and the state alone. Not thread-safe; whoever opens it closes it.
 */
final class JobRun implements AutoCloseable {
    private static final LearningRateSchedule SCHEDULE = new LearningRateSchedule.Cosine(0.06, 0.02);
    private static final double LARGEST_GRADIENT = 0.3;
    static final int TOKENS_PER_PASS = 4096;
    private static final int SMALL_VALIDATION = 8;
    private static final String MOMENTS = "optimizer.safetensors";

    private final JobSpec spec;
    private final double peakLearningRate;
    private final Trainee trainee;
    private final JobOptimizer optimizer;
    private final GradientWorkers workers;
    private final Objective objective;
    private List<TrainingExample> training;
    private List<TrainingExample> validation;
    private List<TrainingExample> replay;
    private TrainingOrder order;
    private TrainingState state;

    private JobRun(JobSpec spec, JobExamples examples, int tokensPerPass, Trainee trainee, TrainingState state) {
        this.spec = spec;
        this.training = examples.training().examples();
        this.validation = examples.validation().examples();
        this.replay = examples.replay().examples();
        this.order = order();
        this.objective = Objective.of(spec.method());
        this.trainee = trainee;
        this.optimizer = trainee.optimizer();
        this.workers = new GradientWorkers(trainee, objective, state.threads(), tokensPerPass);
        this.peakLearningRate = spec.hyperparameters().learningRateMultiplier()
                * AutoHyperparameters.learningRate(trainee.config(), spec.method(), spec.tuning());
        this.state = state;
    }

    private TrainingOrder order() {
        return new TrainingOrder(training, replay, spec.data().replayShare(), spec.seed());
    }

    /** A run at its beginning. */
    static JobRun begin(JobSpec spec, JobExamples examples, int threads) {
        return begin(spec, examples, threads, TOKENS_PER_PASS);
    }

    /** @param tokensPerPass batches of more tokens go through the model in several passes whose gradients are added */
    static JobRun begin(JobSpec spec, JobExamples examples, int threads, int tokensPerPass) {
        var state = new TrainingState(0, 0, 0, 0, false, spec.seed(), threads);
        return new JobRun(spec, examples, tokensPerPass, Trainee.begin(spec, threads), state);
    }

    /** A run that goes on from what {@link #writeTo} wrote. */
    static JobRun resume(JobSpec spec, JobExamples examples, Path directory, TrainingState state) {
        var run = new JobRun(spec, examples, TOKENS_PER_PASS, Trainee.resume(spec, directory, state.threads()), state);
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
        var all = new ArrayList<>(training);
        all.addAll(validation);
        all.addAll(replay);
        if (!Files.exists(file)) {
            if (state.step() > 0) {
                throw new JobFailedException("file_changed", "The file " + file
                        + " is gone, and it cannot be made again once training has begun: create the job again.", "");
            }
            ReferenceFile.write(file, workers, all);
        }
        List<TrainingExample.Reference> references = ReferenceFile.read(file, all.size());
        var known = new ArrayList<TrainingExample>();
        for (int i = 0; i < all.size(); i++) {
            known.add(all.get(i) instanceof TrainingExample.Pair pair ? pair.with(references.get(i)) : all.get(i));
        }
        int measured = training.size() + validation.size();
        validation = List.copyOf(known.subList(training.size(), measured));
        training = List.copyOf(known.subList(0, training.size()));
        replay = List.copyOf(known.subList(measured, known.size()));
        order = order();
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

    int stepsPerEpoch() {
        int batch = spec.hyperparameters().batchSize();
        return (order.size() + batch - 1) / batch;
    }

    int totalSteps() {
        return stepsPerEpoch() * spec.hyperparameters().epochs();
    }

    boolean done() {
        return state.step() >= totalSteps() || stoppedEarly();
    }

    /** Whether the validation loss has not fallen for as long as the job has patience. */
    boolean stoppedEarly() {
        return spec.patience() > 0 && state.best().since() >= spec.patience() && state.step() < totalSteps();
    }

    /** Tokens that went through the model in the epochs that are done. */
    long trainedTokens() {
        return order.tokens(state.epochsDone());
    }

    /** Tokens of the examples of the next step, those not trained included. */
    int nextTokens() {
        return nextBatch().stream().mapToInt(TrainingExample::length).sum();
    }

    /**
     * Takes one optimizer step over the next batch: the gradient is that of the mean loss over the whole batch, in
     * however many passes it is formed.
     *
     * @throws JobFailedException where the loss is no longer a number
     */
    BatchSum step() {
        List<TrainingExample> batch = nextBatch();
        BatchSum sum = workers.gradients(batch, new SplittableRandom(state.seed() + state.step()).nextLong());
        double norm = trainee.parameters().clipGradients(LARGEST_GRADIENT);
        if (!Double.isFinite(sum.meanLoss()) || !Double.isFinite(norm)) {
            throw new JobFailedException("training_diverged", "The loss at step " + (state.step() + 1)
                    + " is no longer a number: use a smaller learning_rate_multiplier than "
                    + spec.hyperparameters().learningRateMultiplier() + ".", "learning_rate_multiplier");
        }
        optimizer.step(peakLearningRate * SCHEDULE.at((state.step() + 0.5) / totalSteps()));
        state = after(batch.size());
        return sum;
    }

    private TrainingState after(int examples) {
        int position = state.position() + examples;
        boolean ends = position >= order.size();
        return new TrainingState(state.step() + 1, ends ? state.epoch() + 1 : state.epoch(), ends ? 0 : position,
                ends ? state.epochsDone() + 1 : state.epochsDone(), ends, state.seed(), state.threads(),
                state.best());
    }

    private List<TrainingExample> nextBatch() {
        int to = Math.min(order.size(), state.position() + spec.hyperparameters().batchSize());
        return order.epoch(state.epoch()).subList(state.position(), to);
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

    /** The present loss of every row of the training file, in the file's order; pieces of one row count as one. */
    List<RowLoss> rowLosses() {
        Map<TrainingExample, LossSum[]> found = workers.each(training);
        var byLine = new TreeMap<Integer, BatchSum>();
        for (TrainingExample example : training) {
            LossSum[] sequences = Objects.requireNonNull(found.get(example));
            byLine.merge(example.line(), objective.measure(example, sequences), BatchSum::plus);
        }
        return byLine.entrySet().stream().map(row -> new RowLoss(row.getKey(), state.epochsDone(),
                row.getValue().meanLoss(), (int) row.getValue().tokens().tokens())).toList();
    }

    @Override
    public void close() {
        workers.close();
        optimizer.close();
        trainee.close();
    }
}
