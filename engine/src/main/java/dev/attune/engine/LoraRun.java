package dev.attune.engine;

import dev.attune.text.MaskedTokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Base model, adapter and optimizer of one job, and where they stand in the data. Every step follows from the spec, the
 * examples and the state alone. Not thread-safe; whoever opens it closes it.
 */
final class LoraRun implements AutoCloseable {
    private static final LearningRateSchedule SCHEDULE = new LearningRateSchedule.Cosine(0.06, 0.02);
    private static final double LARGEST_GRADIENT = 0.3;
    static final int TOKENS_PER_PASS = 4096;
    private static final int SMALL_VALIDATION = 8;

    private final JobSpec spec;
    private final List<MaskedTokens> training;
    private final List<MaskedTokens> validation;
    private final int tokensPerPass;
    private final double peakLearningRate;
    private final CausalLm model;
    private final LoraAdapter adapter;
    private final AdapterOptimizer optimizer;
    private final GradientWorkers workers;
    private TrainingState state;
    private int[] order = new int[0];
    private int orderEpoch = -1;

    private LoraRun(JobSpec spec, EncodedExamples training, EncodedExamples validation, int tokensPerPass,
            CausalLm model, LoraAdapter adapter, TrainingState state) {
        this.spec = spec;
        this.training = training.examples();
        this.validation = validation.examples();
        this.tokensPerPass = tokensPerPass;
        this.model = model;
        this.adapter = adapter;
        model.recomputeActivations(
                MemoryEstimate.of(model.config(), adapter.config(), state.threads()).asksForRecomputation());
        this.optimizer = new AdapterOptimizer(adapter);
        this.workers = new GradientWorkers(model, adapter, state.threads());
        this.peakLearningRate = spec.hyperparameters().learningRateMultiplier()
                * AutoHyperparameters.learningRate(model.config());
        this.state = state;
    }

    /** A run at its beginning. */
    static LoraRun begin(JobSpec spec, EncodedExamples training, EncodedExamples validation, int threads) {
        return begin(spec, training, validation, threads, TOKENS_PER_PASS);
    }

    /** @param tokensPerPass batches of more tokens go through the model in several passes whose gradients are added */
    static LoraRun begin(JobSpec spec, EncodedExamples training, EncodedExamples validation, int threads,
            int tokensPerPass) {
        var state = new TrainingState(0, 0, 0, 0, false, spec.seed(), threads);
        CausalLm model = CausalLm.load(spec.base());
        try {
            LoraAdapter adapter = spec.initialAdapter().isEmpty()
                    ? LoraAdapter.create(lora(spec), model, spec.seed())
                    : LoraAdapter.load(Path.of(spec.initialAdapter()), model.config(), true);
            return new LoraRun(spec, training, validation, tokensPerPass, model, adapter, state);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static LoraConfig lora(JobSpec spec) {
        return switch (spec.tuning()) {
            case Tuning.Lora(LoraConfig config) -> config;
        };
    }

    /** A run that goes on from what {@link #writeTo} wrote. */
    static LoraRun resume(JobSpec spec, EncodedExamples training, EncodedExamples validation, Path directory,
            TrainingState state) {
        CausalLm model = CausalLm.load(spec.base());
        try {
            LoraAdapter adapter = LoraAdapter.load(directory.resolve("adapter"), model.config(), true);
            var run = new LoraRun(spec, training, validation, TOKENS_PER_PASS, model, adapter, state);
            try (Safetensors moments = Safetensors.openFile(directory.resolve("optimizer.safetensors"))) {
                run.optimizer.load(moments, state.step());
            }
            return run;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** Writes adapter and optimizer. */
    void writeTo(Path directory) throws IOException {
        writeAdapter(directory.resolve("adapter"));
        var writer = new SafetensorsWriter();
        optimizer.save(writer);
        writer.write(directory.resolve("optimizer.safetensors"));
    }

    void writeAdapter(Path directory) {
        adapter.save(directory, String.valueOf(spec.base().getFileName()));
    }

    TrainingState state() {
        return state;
    }

    LoraAdapter adapter() {
        return adapter;
    }

    int stepsPerEpoch() {
        return (training.size() + spec.hyperparameters().batchSize() - 1) / spec.hyperparameters().batchSize();
    }

    int totalSteps() {
        return stepsPerEpoch() * spec.hyperparameters().epochs();
    }

    boolean done() {
        return state.step() >= totalSteps();
    }

    /** Tokens of the examples of the next step, those not trained included. */
    int nextTokens() {
        return nextBatch().stream().mapToInt(MaskedTokens::length).sum();
    }

    /**
     * Takes one optimizer step over the next batch: the gradient is that of the mean loss over the batch's trained
     * tokens, in however many passes it is formed.
     *
     * @throws JobFailedException where the loss is no longer a number
     */
    LossSum step() {
        List<MaskedTokens> batch = nextBatch();
        LossSum sum = workers.gradients(batch, tokensPerPass,
                new SplittableRandom(state.seed() + state.step()).nextLong());
        double norm = adapter.parameters().clipGradients(LARGEST_GRADIENT);
        if (!Double.isFinite(sum.loss()) || !Double.isFinite(norm)) {
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
        boolean ends = position >= training.size();
        return new TrainingState(state.step() + 1, ends ? state.epoch() + 1 : state.epoch(), ends ? 0 : position,
                ends ? state.epochsDone() + 1 : state.epochsDone(), ends, state.seed(), state.threads());
    }

    private List<MaskedTokens> nextBatch() {
        if (orderEpoch != state.epoch()) {
            order = EpochOrder.of(state.seed(), state.epoch(), training.size());
            orderEpoch = state.epoch();
        }
        int to = Math.min(training.size(), state.position() + spec.hyperparameters().batchSize());
        var batch = new ArrayList<MaskedTokens>();
        for (int i = state.position(); i < to; i++) {
            batch.add(training.get(order[i]));
        }
        return batch;
    }

    boolean hasValidation() {
        return !validation.isEmpty();
    }

    /** Loss on some validation examples; which, follows from the step. */
    LossSum validateSome() {
        int count = Math.min(SMALL_VALIDATION, validation.size());
        var some = new ArrayList<MaskedTokens>();
        for (int i = 0; i < count; i++) {
            some.add(validation.get((int) (((long) state.step() * SMALL_VALIDATION + i) % validation.size())));
        }
        return validate(some);
    }

    /** Loss on all validation examples. */
    LossSum validateAll() {
        return validate(validation);
    }

    private LossSum validate(List<MaskedTokens> examples) {
        return workers.loss(examples, tokensPerPass);
    }

    @Override
    public void close() {
        workers.close();
        optimizer.close();
        adapter.close();
        model.close();
    }
}
