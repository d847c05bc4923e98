package dev.attune.engine.train;

import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.model.PackedBatch;
import dev.attune.engine.model.TargetWeights;
import dev.attune.engine.model.TokenLosses;
import dev.attune.engine.tensor.Parameters;

import java.nio.file.Path;

/**
 * What a job trains, with the model that it is trained in. Passes over one trainee belong to one thread at a time;
 * replicas work beside each other. Whoever makes it closes it, replicas first.
 */
sealed interface Trainee extends AutoCloseable permits TrainedAdapter, TrainedModel {

    /**
     * As a job begins.
     *
     * @param recompute whether blocks are computed once more instead of keeping what their backward pass needs
     */
    static Trainee begin(JobSpec spec, boolean recompute) {
        return switch (spec.tuning()) {
            case Tuning.Lora(LoraConfig lora) -> TrainedAdapter.begin(spec, lora, recompute);
            case Tuning.Full full -> TrainedModel.begin(spec, recompute);
        };
    }

    /** As {@link #save} wrote it. */
    static Trainee resume(JobSpec spec, Path directory, boolean recompute) {
        return switch (spec.tuning()) {
            case Tuning.Lora lora -> TrainedAdapter.resume(spec, directory, recompute);
            case Tuning.Full full -> TrainedModel.resume(spec, directory, recompute);
        };
    }

    /** Shape of the model. */
    ModelConfig config();

    /** The numbers that are trained, and their gradients. */
    Parameters parameters();

    /** How they move. */
    JobOptimizer optimizer();

    /** The losses of a batch, nothing else. */
    TokenLosses losses(PackedBatch batch);

    /**
     * Adds the gradient of the weighted losses to the gradients.
     *
     * @param seed decides what is left out where there is dropout
     */
    TokenLosses accumulate(PackedBatch batch, TargetWeights weights, long seed);

    /** The same numbers with gradients of their own, for a second thread. */
    Trainee replica();

    /** Writes it so that it can be served and gone on with, bit by bit: a folder within {@code directory}. */
    void save(Path directory);

    /** Writes it as the result of a job: a folder of the same name within {@code directory}. */
    void publish(Path directory);

    @Override
    void close();
}
