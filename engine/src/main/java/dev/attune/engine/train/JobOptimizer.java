package dev.attune.engine.train;

import dev.attune.engine.tensor.AdamW;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.Safetensors;
import dev.attune.engine.tensor.SafetensorsWriter;

import java.util.Optional;

/**
 * AdamW over what a job trains. An embedding that is trained beside factors moves {@value #EMBEDDING_RATE} times as fast as the factors: each of
 * its rows is met in few of the steps, and a word that the base model hardly knows has far to go. Not thread-safe. Whoever
 * makes it closes it, before the parameters.
 */
final class JobOptimizer implements AutoCloseable {
    static final double EMBEDDING_RATE = 4;
    private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.99, 1e-8, 0);
    private static final String FACTORS = "adamw";
    private static final String EMBEDDING = "adamw_embedding";

    private final AdamW factors;
    private final Optional<AdamW> embedding;

    /** @param end where the factors end and an embedding beside them begins */
    JobOptimizer(Parameters parameters, long end) {
        this.factors = new AdamW(parameters, 0, end, ADAM);
        this.embedding = end < parameters.size()
                ? Optional.of(new AdamW(parameters, end, parameters.size(), ADAM))
                : Optional.empty();
    }

    /** Takes one step down the present gradient; {@code learningRate} is that of the factors. */
    void step(double learningRate) {
        factors.step(learningRate);
        embedding.ifPresent(own -> own.step(EMBEDDING_RATE * learningRate));
    }

    /** Adds the moments to a checkpoint. */
    void save(SafetensorsWriter writer) {
        factors.save(FACTORS, writer);
        embedding.ifPresent(own -> own.save(EMBEDDING, writer));
    }

    /** Takes the moments from a checkpoint. */
    void load(Safetensors file, long steps) {
        factors.load(FACTORS, file, steps);
        embedding.ifPresent(own -> own.load(EMBEDDING, file, steps));
    }

    @Override
    public void close() {
        factors.close();
        embedding.ifPresent(AdamW::close);
    }
}
