package dev.attune.engine.model;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.ModelLayout;
import dev.attune.engine.config.Precision;
import dev.attune.engine.config.Rope;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.Tensors;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * A decoder-only language model in memory: loss and gradients over packed batches, and decoding with a key-value cache.
 * Weights are 32-bit floats, or frozen ones of bfloat16, where losses and gradients are computed in that too and decoding
 * is not ({@link Precision}). The gradients are formed by hand, without a tape.
 *
 * <p>Passes on one model may run on several threads as long as nothing is trained in its own weights and each pass has
 * an adapter of its own or only reads it. Whoever makes it closes it, and every {@link DecodeSession} before.
 */
public final class CausalLm implements AutoCloseable {
    private final ModelConfig config;
    private final ModelWeights weights;
    private final PointerScope views;
    private final Map<Rope, RotaryTable> rotary = new HashMap<>();
    private final List<DecoderLayer> layers = new ArrayList<>();
    private final Embedding embedding;
    private final Norm finalNorm;
    private final LossHead head;
    private boolean recomputes;

    private CausalLm(ModelConfig config, ModelWeights weights) {
        this.config = config;
        this.weights = weights;
        config.plan().stream().flatMap(layer -> layer.rope().stream())
                .forEach(rope -> rotary.computeIfAbsent(rope, key -> new RotaryTable(key, config.headSize())));
        var scope = new PointerScope();
        try {
            var parts = new WeightViews(config, weights);
            for (int layer = 0; layer < config.layers(); layer++) {
                layers.add(parts.layer(layer));
            }
            this.embedding = parts.embedding();
            this.finalNorm = parts.finalNorm();
            this.head = parts.head();
        } finally {
            this.views = scope.extend();
            scope.close();
        }
    }

    /**
     * Loads a model directory with frozen weights, in 32-bit floats.
     *
     * @throws EngineException if something is missing, damaged, or of a kind this engine does not have
     */
    public static CausalLm load(Path modelDir) {
        return load(modelDir, Precision.FLOAT32);
    }

    /**
     * Loads a model directory with frozen weights. Those that the files hold in this precision stay where they are,
     * mapped into memory; the files must not change while the model is open.
     *
     * @throws EngineException if something is missing, damaged, or of a kind this engine does not have
     */
    public static CausalLm load(Path modelDir, Precision precision) {
        ModelConfig config = ModelConfig.read(modelDir);
        return new CausalLm(config, FrozenWeights.open(modelDir, config, precision));
    }

    /**
     * Loads a model directory into memory of its own, so that its weights can be changed.
     *
     * @param trained whether they are to have gradients
     * @throws EngineException if something is missing, damaged, or of a kind this engine does not have
     */
    public static CausalLm load(Path modelDir, boolean trained) {
        ModelConfig config = ModelConfig.read(modelDir);
        return new CausalLm(config, TrainableWeights.of(WeightsReader.read(modelDir, config, trained), false));
    }

    /**
     * A new model whose own weights are trained.
     *
     * @param halfProducts whether matrix products are computed in bfloat16 (the weights stay 32-bit); then
     *        {@link #weightsChanged} has to be called after every change
     */
    public static CausalLm create(ModelConfig config, long seed, boolean halfProducts) {
        Parameters weights = new ModelLayout(config).parameters().allocate(true);
        var random = new SplittableRandom(seed);
        for (Parameters.Slot slot : weights.slots()) {
            initialize(slot, weights, random.split());
        }
        return new CausalLm(config, TrainableWeights.of(weights, halfProducts));
    }

    /**
     * The same model with gradients of its own, so that a second thread can form a share of them. The weights are
     * shared, not copied. Whoever asks for it closes it before this.
     */
    public CausalLm replica() {
        var replica = new CausalLm(config, own().replica());
        replica.recomputes = recomputes;
        return replica;
    }

    /** Norms 1; what writes to the residual stream 0, so that every block begins as the identity; the rest normal. */
    private static void initialize(Parameters.Slot slot, Parameters weights, SplittableRandom random) {
        var memory = weights.memory(slot);
        boolean writesResidual = slot.name().endsWith("o_proj.weight") || slot.name().endsWith("down_proj.weight");
        double deviation = slot.name().contains(".layers.")
                ? 0.5 / Math.sqrt(slot.shape()[slot.shape().length - 1])
                : 0.02;
        for (long i = 0; i < slot.size(); i++) {
            double value = slot.shape().length == 1 ? 1 : writesResidual ? 0 : deviation * random.nextGaussian();
            memory.setAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, i, (float) value);
        }
    }

    public ModelConfig config() {
        return config;
    }

    public long parameterCount() {
        return config.parameterCount();
    }

    /**
     * The weights by their names in a checkpoint, in memory of the model's own.
     *
     * @throws IllegalStateException where they are frozen
     */
    public Parameters weights() {
        return own().parameters();
    }

    /** Takes over changed weights where copies of them are kept. */
    public void weightsChanged() {
        own().changed();
    }

    private TrainableWeights own() {
        return switch (weights) {
            case TrainableWeights own -> own;
            case FrozenWeights frozen -> throw new IllegalStateException("this model's weights are frozen");
        };
    }

    /** One weight, seen in place: vectors in 32-bit floats, matrices as they are held. */
    Tensor weight(String name) {
        return weights.value(name);
    }

    /** The loss of a batch, nothing else. */
    public LossSum evaluate(PackedBatch batch) {
        return losses(batch, Optional.empty()).sum();
    }

    /** The loss of a batch with an adapter, nothing else. */
    public LossSum evaluate(PackedBatch batch, LoraAdapter adapter) {
        return losses(batch, Optional.of(adapter)).sum();
    }

    /** The losses of a batch's targets, nothing else. */
    public TokenLosses losses(PackedBatch batch, Optional<LoraAdapter> adapter) {
        return pass(batch, factors(adapter), adapter.flatMap(LoraAdapter::embedding), Optional.empty());
    }

    /**
     * Adds {@code weight} times the gradient of the summed loss to the gradients of the model's own weights.
     *
     * @param weight what one token's loss counts; 1 / trained tokens of the whole optimizer batch makes their mean
     */
    public LossSum accumulateGradients(PackedBatch batch, double weight) {
        return accumulate(batch, TargetWeights.equal(weight)).sum();
    }

    /** Adds the gradient of the weighted losses to the gradients of the model's own weights. */
    public TokenLosses accumulate(PackedBatch batch, TargetWeights weighting) {
        if (!own().parameters().trained()) {
            throw new IllegalStateException("this model's weights are frozen");
        }
        return pass(batch, without(), Optional.empty(), Optional.of(weighting));
    }

    /**
     * Adds {@code weight} times the gradient of the summed loss to the adapter's gradients, without its dropout.
     *
     * @param weight what one token's loss counts; 1 / trained tokens of the whole optimizer batch makes their mean
     */
    public LossSum accumulateGradients(PackedBatch batch, LoraAdapter adapter, double weight) {
        return pass(batch, adapter::factors, adapter.embedding(), Optional.of(TargetWeights.equal(weight))).sum();
    }

    /**
     * As {@link #accumulateGradients(PackedBatch, LoraAdapter, double)}, with the adapter's dropout.
     *
     * @param seed decides what is left out
     */
    public LossSum accumulateGradients(PackedBatch batch, LoraAdapter adapter, double weight, long seed) {
        return accumulate(batch, adapter, TargetWeights.equal(weight), seed).sum();
    }

    /** Adds the gradient of the weighted losses to the adapter's gradients, with its dropout. */
    public TokenLosses accumulate(PackedBatch batch, LoraAdapter adapter, TargetWeights weighting, long seed) {
        double rate = adapter.config().dropout();
        IntFunction<DecoderLayer.Adapter> factors = rate == 0
                ? adapter::factors
                : layer -> adapter.factors(layer).with(new Dropout(rate, seed + layer));
        return pass(batch, factors, adapter.embedding(), Optional.of(weighting));
    }

    private static IntFunction<DecoderLayer.Adapter> factors(Optional<LoraAdapter> adapter) {
        return adapter.isPresent() ? adapter.get()::factors : without();
    }

    private static IntFunction<DecoderLayer.Adapter> without() {
        return layer -> DecoderLayer.Adapter.NONE;
    }

    /**
     * Whether the backward pass computes each block once more instead of keeping all that it needs: less memory, about a
     * third more time, the same bits.
     */
    public void recomputeActivations(boolean wanted) {
        recomputes = wanted;
    }

    /**
     * @param adapter gives each layer's factors, in the same state each time it is asked
     * @param own the embedding that stands in for the model's
     * @param weights what each target counts in the gradient; empty where none is wanted
     */
    private TokenLosses pass(PackedBatch batch, IntFunction<DecoderLayer.Adapter> adapter, Optional<Weight> own,
            Optional<TargetWeights> weights) {
        requireFits(batch);
        Embedding first = embedding(own);
        Precision precision = activations(adapter);
        BlockPasses.Kept way = recomputes ? BlockPasses.Kept.INPUTS : BlockPasses.Kept.ALL;
        try (var scope = new PointerScope();
                var blocks = new BlockPasses(layers, Geometry.of(batch, config, rotary, precision),
                        layer -> adapter.apply(layer).in(precision),
                        weights.isPresent() ? way : BlockPasses.Kept.NOTHING)) {
            Tensor ids = Tensors.of(Geometry.longs(batch.tokens()), batch.tokens().length);
            Tensor x = blocks.forward(precision.of(first.forward(ids, blocks.geometry().positions())));
            if (weights.isEmpty()) {
                return head(own).losses(x, finalNorm, batch);
            }
            LossHead.Result result = head(own).run(x, finalNorm, batch, weights.get());
            blocks.backward(result.gradient(), first.trained());
            if (first.trained()) {
                first.backward(result.gradient(), ids, blocks.geometry().positions());
            }
            return result.losses();
        }
    }

    /** Row norms of weights are formed in 32-bit floats only, so whoever has magnitudes computes in these. */
    private Precision activations(IntFunction<DecoderLayer.Adapter> adapter) {
        if (weights.activations() == Precision.FLOAT32) {
            return Precision.FLOAT32;
        }
        try (var scope = new PointerScope()) {
            boolean magnitudes = IntStream.range(0, layers.size()).mapToObj(adapter)
                    .anyMatch(DecoderLayer.Adapter::hasMagnitudes);
            return magnitudes ? Precision.FLOAT32 : Precision.BFLOAT16;
        }
    }

    private Embedding embedding(Optional<Weight> own) {
        return own.map(embedding::with).orElse(embedding);
    }

    private LossHead head(Optional<Weight> own) {
        return config.tiedEmbeddings() ? own.map(head::with).orElse(head) : head;
    }

    private void requireFits(PackedBatch batch) {
        for (int position : batch.positions()) {
            if (position >= config.maxPositions()) {
                throw new EngineException("An example has more than the " + config.maxPositions()
                        + " tokens that the model was made for; shorten it.");
            }
        }
    }

    /**
     * The logits of every token of a batch, row-major, length {@code rows * length * vocabularySize}. For tests and
     * measurements; memory grows with the vocabulary.
     */
    public float[] logits(PackedBatch batch, Optional<LoraAdapter> adapter) {
        Optional<Weight> own = adapter.flatMap(LoraAdapter::embedding);
        try (var scope = new PointerScope();
                var blocks = new BlockPasses(layers, Geometry.of(batch, config, rotary, Precision.FLOAT32),
                        factors(adapter),
                        BlockPasses.Kept.NOTHING)) {
            Tensor ids = Tensors.of(Geometry.longs(batch.tokens()), batch.tokens().length);
            Tensor x = blocks.forward(embedding(own).forward(ids, blocks.geometry().positions()));
            return Tensors.floats(head(own).logits(finalNorm.forward(x).output()));
        }
    }

    /** Adds s·B·A of an adapter to the weights, which are the model's own. */
    public void merge(LoraAdapter adapter) {
        adapter.addTo(weights());
        weightsChanged();
    }

    /**
     * A cache for decoding up to {@code slots} sequences side by side.
     *
     * @param maxTokens longest sequence, prompt and completion together
     */
    public DecodeSession decode(Optional<LoraAdapter> adapter, int slots, int maxTokens) {
        return new DecodeSession(this, adapter, slots, Math.min(maxTokens, config.maxPositions()));
    }

    DecoderLayer layer(int layer) {
        return layers.get(layer);
    }

    Map<Rope, RotaryTable> rotary() {
        return rotary;
    }

    /**
     * The first hidden states of tokens at some positions, shape (N, D).
     *
     * @param own the embedding that stands in for the model's
     */
    Tensor embed(Tensor ids, Tensor positions, Optional<Weight> own) {
        return embedding(own).forward(ids, positions);
    }

    /** Logits of hidden states of shape (N, D). */
    Tensor logits(Tensor hidden, Optional<Weight> own) {
        return head(own).logits(finalNorm.forward(hidden).output());
    }

    @Override
    public void close() {
        views.close();
        rotary.values().forEach(RotaryTable::close);
        weights.close();
    }
}
