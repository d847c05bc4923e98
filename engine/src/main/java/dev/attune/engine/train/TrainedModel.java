package dev.attune.engine.train;

import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.model.CausalLm;
import dev.attune.engine.model.ModelWriter;
import dev.attune.engine.model.PackedBatch;
import dev.attune.engine.model.TargetWeights;
import dev.attune.engine.model.TokenLosses;
import dev.attune.engine.tensor.Parameters;

import java.nio.file.Path;
import java.util.Optional;

/** A model whose own weights are trained. */
final class TrainedModel implements Trainee {
    static final String FOLDER = "model";

    private final CausalLm model;
    private final ModelWriter writer;

    private TrainedModel(CausalLm model, ModelWriter writer) {
        this.model = model;
        this.writer = writer;
    }

    /** As a job begins: the base model. */
    static TrainedModel begin(JobSpec spec, boolean recompute) {
        new ModelWriter(spec.base(), ModelConfig.read(spec.base())).requireNothingElse();
        return open(spec, spec.base(), recompute);
    }

    /** As {@link #save} wrote it. */
    static TrainedModel resume(JobSpec spec, Path directory, boolean recompute) {
        return open(spec, directory.resolve(FOLDER), recompute);
    }

    private static TrainedModel open(JobSpec spec, Path weights, boolean recompute) {
        CausalLm model = CausalLm.load(weights, true);
        model.recomputeActivations(recompute);
        return new TrainedModel(model, new ModelWriter(spec.base(), model.config()));
    }

    @Override
    public ModelConfig config() {
        return model.config();
    }

    @Override
    public Parameters parameters() {
        return model.weights();
    }

    @Override
    public JobOptimizer optimizer() {
        return new JobOptimizer(model.weights(), model.weights().size());
    }

    @Override
    public TokenLosses losses(PackedBatch batch) {
        return model.losses(batch, Optional.empty());
    }

    @Override
    public TokenLosses accumulate(PackedBatch batch, TargetWeights weights, long seed) {
        return model.accumulate(batch, weights);
    }

    @Override
    public TrainedModel replica() {
        return new TrainedModel(model.replica(), writer);
    }

    @Override
    public void save(Path directory) {
        writer.write(model.weights(), ModelWriter.Precision.TRAINED, directory.resolve(FOLDER));
    }

    @Override
    public void publish(Path directory) {
        writer.write(model.weights(), ModelWriter.Precision.STORED, directory.resolve(FOLDER));
    }

    @Override
    public void close() {
        model.close();
    }
}
