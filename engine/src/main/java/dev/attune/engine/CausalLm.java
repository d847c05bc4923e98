package dev.attune.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * A Llama-family language model in memory: loss and gradients over packed batches, and decoding with a key-value cache.
 * Weights are 32-bit floats; the gradients are formed by hand, without a tape.
 *
 * <p>Passes on one model may run on several threads as long as nothing is trained in its own weights and each pass has
 * an adapter of its own or only reads it. Whoever makes it closes it, and every {@link DecodeSession} before.
 */
public final class CausalLm implements AutoCloseable {
    static final String EMBEDDING = "model.embed_tokens.weight";
    static final String FINAL_NORM = "model.norm.weight";
    static final String HEAD = "lm_head.weight";

    private final ModelConfig config;
    private final Parameters weights;
    private final Tensor halfWeights;
    private final boolean halfProducts;
    private final PointerScope views;
    private final RotaryTable rotary;
    private final List<DecoderLayer> layers = new ArrayList<>();
    private final RmsNorm finalNorm;
    private final LossHead head;
    private final Tensor embedding;
    private final Tensor embeddingGradient;

    private CausalLm(ModelConfig config, Parameters weights, boolean halfProducts, Optional<Tensor> sharedHalf) {
        this.config = config;
        this.weights = weights;
        this.halfProducts = halfProducts;
        this.rotary = new RotaryTable(config.rope(), config.headSize(), config.maxPositions());
        var scope = new PointerScope();
        try {
            Tensor nothing = Tensors.zeros(0);
            this.halfWeights = sharedHalf.map(half -> half.narrow(0, 0, half.numel()))
                    .orElseGet(() -> halfProducts ? Tensors.bfloat16(weights.values()) : nothing);
            for (int layer = 0; layer < config.layers(); layer++) {
                addLayer(layer, nothing);
            }
            this.finalNorm = norm(FINAL_NORM, nothing);
            this.embedding = weights.value(EMBEDDING);
            this.embeddingGradient = weights.trained() ? weights.gradient(EMBEDDING) : nothing;
            String headName = config.tiedEmbeddings() ? EMBEDDING : HEAD;
            this.head = new LossHead(projection(headName, headName, nothing));
        } finally {
            this.views = scope.extend();
            scope.close();
        }
    }

    private void addLayer(int layer, Tensor nothing) {
        var groups = new ArrayList<Projection>();
        for (List<LinearModule> group : LinearModule.GROUPS) {
            groups.add(projection(group.getFirst().in(layer) + ".weight", group.getLast().in(layer) + ".weight",
                    nothing));
        }
        RmsNorm first = norm(attentionNorm(layer), nothing);
        RmsNorm second = norm(feedForwardNorm(layer), nothing);
        layers.add(new DecoderLayer(config, first, second, groups));
    }

    private Projection projection(String first, String last, Tensor nothing) {
        boolean trained = weights.trained();
        return new Projection(weights.stacked(weights.values(), first, last),
                trained ? weights.stacked(weights.gradients(), first, last) : nothing, trained,
                halfProducts ? weights.stacked(halfWeights, first, last) : nothing, halfProducts);
    }

    private RmsNorm norm(String name, Tensor nothing) {
        boolean trained = weights.trained();
        return new RmsNorm(weights.value(name), trained ? weights.gradient(name) : nothing, trained,
                config.normEpsilon());
    }

    static String attentionNorm(int layer) {
        return "model.layers." + layer + ".input_layernorm.weight";
    }

    static String feedForwardNorm(int layer) {
        return "model.layers." + layer + ".post_attention_layernorm.weight";
    }

    /** All weights by their checkpoint names: the blocks' matrices first, then norms, embedding and head. */
    private static Parameters allocate(ModelConfig config, boolean trained) {
        var layout = new Parameters.Layout();
        for (int layer = 0; layer < config.layers(); layer++) {
            for (LinearModule module : LinearModule.values()) {
                layout.add(module.in(layer) + ".weight", module.outputs(config), module.inputs(config));
            }
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            layout.add(attentionNorm(layer), config.hiddenSize());
            layout.add(feedForwardNorm(layer), config.hiddenSize());
        }
        layout.add(FINAL_NORM, config.hiddenSize());
        layout.add(EMBEDDING, config.vocabularySize(), config.hiddenSize());
        if (!config.tiedEmbeddings()) {
            layout.add(HEAD, config.vocabularySize(), config.hiddenSize());
        }
        return layout.allocate(trained);
    }

    /**
     * Loads a model directory with frozen weights.
     *
     * @throws EngineException if something is missing, damaged, or of a kind this engine does not have
     */
    public static CausalLm load(Path modelDir) {
        ModelConfig config = ModelConfig.read(modelDir);
        try (Safetensors files = Safetensors.openModel(modelDir)) {
            return load(config, files, modelDir);
        }
    }

    private static CausalLm load(ModelConfig config, Safetensors files, Path modelDir) {
        Parameters weights = allocate(config, false);
        try {
            for (Parameters.Slot slot : weights.slots()) {
                if (!files.has(slot.name())) {
                    throw new EngineException(modelDir + " has no tensor " + slot.name()
                            + "; its weights do not belong to its config.json.");
                }
                if (!java.util.Arrays.equals(files.shape(slot.name()), slot.shape())) {
                    throw new EngineException(modelDir + ": tensor " + slot.name() + " has shape "
                            + java.util.Arrays.toString(files.shape(slot.name())) + ", but config.json asks for "
                            + java.util.Arrays.toString(slot.shape()) + ".");
                }
                files.readFloats(slot.name(), weights.memory(slot));
            }
            return new CausalLm(config, weights, false, Optional.empty());
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    /**
     * A new model whose own weights are trained.
     *
     * @param halfProducts whether matrix products are computed in bfloat16 (the weights stay 32-bit); then
     *        {@link #weightsChanged} has to be called after every change
     */
    public static CausalLm create(ModelConfig config, long seed, boolean halfProducts) {
        Parameters weights = allocate(config, true);
        var random = new SplittableRandom(seed);
        for (Parameters.Slot slot : weights.slots()) {
            initialize(slot, weights, random.split());
        }
        return new CausalLm(config, weights, halfProducts, Optional.empty());
    }

    /**
     * The same model with gradients of its own, so that a second thread can form a share of them. The weights are
     * shared, not copied. Whoever asks for it closes it before this.
     */
    public CausalLm replica() {
        return new CausalLm(config, weights.replica(), halfProducts,
                halfProducts ? Optional.of(halfWeights) : Optional.empty());
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

    /** The weights by their names in a checkpoint; trained ones only if the model was made by {@link #create}. */
    public Parameters weights() {
        return weights;
    }

    /** Takes over changed weights where copies of them are kept. */
    public void weightsChanged() {
        if (halfProducts) {
            try (var scope = new PointerScope()) {
                halfWeights.copy_(weights.values());
            }
        }
    }

    /** The loss of a batch, nothing else. */
    public LossSum evaluate(PackedBatch batch) {
        return pass(batch, Optional.empty(), 0, false);
    }

    /** The loss of a batch with an adapter, nothing else. */
    public LossSum evaluate(PackedBatch batch, LoraAdapter adapter) {
        return pass(batch, Optional.of(adapter), 0, false);
    }

    /**
     * Adds {@code weight} times the gradient of the summed loss to the gradients of the model's own weights.
     *
     * @param weight what one token's loss counts; 1 / trained tokens of the whole optimizer batch makes their mean
     */
    public LossSum accumulateGradients(PackedBatch batch, double weight) {
        if (!weights.trained()) {
            throw new IllegalStateException("this model's weights are frozen");
        }
        return pass(batch, Optional.empty(), weight, true);
    }

    /**
     * Adds {@code weight} times the gradient of the summed loss to the adapter's gradients.
     *
     * @param weight what one token's loss counts; 1 / trained tokens of the whole optimizer batch makes their mean
     */
    public LossSum accumulateGradients(PackedBatch batch, LoraAdapter adapter, double weight) {
        return pass(batch, Optional.of(adapter), weight, true);
    }

    private LossSum pass(PackedBatch batch, Optional<LoraAdapter> adapter, double weight, boolean backward) {
        requireFits(batch);
        var saved = new ArrayList<DecoderLayer.Saved>();
        try (var scope = new PointerScope()) {
            Geometry geometry = Geometry.of(batch, rotary);
            Tensor ids = Tensors.of(Geometry.longs(batch.tokens()), batch.tokens().length);
            Tensor x = embedding.index_select(0, ids);
            for (int layer = 0; layer < layers.size(); layer++) {
                var forward = layers.get(layer).forward(x, geometry, factors(adapter, layer));
                saved.add(forward);
                x = forward.output();
                if (!backward && layer > 0) {
                    saved.get(layer - 1).close();
                }
            }
            LossHead.Result result = head.run(x, finalNorm, batch.targets(), weight, backward);
            if (backward) {
                backward(result.gradient().orElseThrow(), ids, saved, geometry, adapter);
            }
            return result.loss();
        } finally {
            saved.forEach(DecoderLayer.Saved::close);
        }
    }

    private void backward(Tensor gradient, Tensor ids, List<DecoderLayer.Saved> saved, Geometry geometry,
            Optional<LoraAdapter> adapter) {
        for (int layer = layers.size() - 1; layer >= 0; layer--) {
            boolean needsInput = layer > 0 || weights.trained();
            layers.get(layer).backward(gradient, saved.get(layer), geometry, factors(adapter, layer), needsInput);
            saved.get(layer).close();
        }
        if (weights.trained()) {
            embeddingGradient.index_add_(0, ids, gradient);
        }
    }

    private static DecoderLayer.Adapter factors(Optional<LoraAdapter> adapter, int layer) {
        return adapter.map(present -> present.factors(layer)).orElse(DecoderLayer.Adapter.NONE);
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
        try (var scope = new PointerScope()) {
            Geometry geometry = Geometry.of(batch, rotary);
            Tensor x = embedding.index_select(0, Tensors.of(Geometry.longs(batch.tokens()), batch.tokens().length));
            for (int layer = 0; layer < layers.size(); layer++) {
                try (var saved = layers.get(layer).forward(x, geometry, factors(adapter, layer))) {
                    x = saved.output().clone();
                }
            }
            return Tensors.floats(head.logits(finalNorm.forward(x).output()));
        }
    }

    /** Adds s·B·A of an adapter to the weights. */
    public void merge(LoraAdapter adapter) {
        adapter.addTo(weights);
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

    RotaryTable rotary() {
        return rotary;
    }

    Tensor embed(Tensor ids) {
        return embedding.index_select(0, ids);
    }

    /** Logits of hidden states of shape (N, D). */
    Tensor logits(Tensor hidden) {
        return head.logits(finalNorm.forward(hidden).output());
    }

    @Override
    public void close() {
        views.close();
        rotary.close();
        weights.close();
    }
}
