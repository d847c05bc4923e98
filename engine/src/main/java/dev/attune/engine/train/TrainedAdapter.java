package dev.attune.engine.train;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.model.AdapterLayout;
import dev.attune.engine.model.CausalLm;
import dev.attune.engine.model.LoraAdapter;
import dev.attune.engine.model.PackedBatch;
import dev.attune.engine.model.TargetWeights;
import dev.attune.engine.model.TokenLosses;
import dev.attune.engine.tensor.Parameters;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** An adapter of a frozen model. */
final class TrainedAdapter implements Trainee {
    static final String FOLDER = "adapter";

    private final CausalLm model;
    private final LoraAdapter adapter;
    private final String baseName;
    private final boolean owner;

    private TrainedAdapter(CausalLm model, LoraAdapter adapter, String baseName, boolean owner) {
        this.model = model;
        this.adapter = adapter;
        this.baseName = baseName;
        this.owner = owner;
    }

    /** As a job begins: a new adapter, or the one it goes on from. */
    static TrainedAdapter begin(JobSpec spec, LoraConfig lora, boolean recompute) {
        return open(spec, recompute, model -> spec.initialAdapter().isEmpty()
                ? LoraAdapter.create(lora, model, spec.seed())
                : LoraAdapter.load(Path.of(spec.initialAdapter()), model.config(), true));
    }

    /** As {@link #save} wrote it. */
    static TrainedAdapter resume(JobSpec spec, Path directory, boolean recompute) {
        return open(spec, recompute, model -> LoraAdapter.load(directory.resolve(FOLDER), model.config(), true));
    }

    private static TrainedAdapter open(JobSpec spec, boolean recompute, Function<CausalLm, LoraAdapter> opening) {
        CausalLm model = CausalLm.load(spec.base(), spec.precision());
        try {
            LoraAdapter adapter = trainable(opening.apply(model));
            model.recomputeActivations(recompute);
            return new TrainedAdapter(model, adapter, baseName(spec), true);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static LoraAdapter trainable(LoraAdapter adapter) {
        try {
            adapter.config().requireTrainable();
            return adapter;
        } catch (EngineException e) {
            adapter.close();
            throw e;
        }
    }

    private static String baseName(JobSpec spec) {
        return String.valueOf(spec.base().getFileName());
    }

    @Override
    public ModelConfig config() {
        return model.config();
    }

    @Override
    public Parameters parameters() {
        return adapter.parameters();
    }

    @Override
    public JobOptimizer optimizer() {
        return new JobOptimizer(adapter.parameters(), AdapterLayout.factors(adapter.parameters()));
    }

    @Override
    public TokenLosses losses(PackedBatch batch) {
        return model.losses(batch, Optional.of(adapter));
    }

    @Override
    public TokenLosses accumulate(PackedBatch batch, TargetWeights weights, long seed) {
        return model.accumulate(batch, adapter, weights, seed);
    }

    @Override
    public TrainedAdapter replica() {
        return new TrainedAdapter(model, adapter.replica(), baseName, false);
    }

    @Override
    public void save(Path directory) {
        adapter.save(directory.resolve(FOLDER), baseName);
    }

    @Override
    public void publish(Path directory) {
        save(directory);
    }

    @Override
    public void close() {
        adapter.close();
        if (owner) {
            model.close();
        }
    }
}
