package dev.attune.engine.config;

import dev.attune.engine.EngineException;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The shape of a decoder-only language model, whatever its family: all that the decoder has to know besides the weights.
 *
 * @param family decides names, norms and the order of operations
 * @param prefix what the names of the decoder's weights begin with, such as {@code model.}
 * @param vocabularySize V, rows of the embedding
 * @param hiddenSize D, width of the residual stream
 * @param feedForwardSize F, width of the feed-forward part
 * @param heads H, query heads
 * @param keyValueHeads K, key and value heads; divides H
 * @param headSize S, size of one head
 * @param maxPositions longest sequence the model was made for
 * @param tiedEmbeddings whether the output head is the embedding
 * @param normEpsilon ε of all norms
 * @param plan what differs from layer to layer
 * @param bosTokenId token that begins a text, or −1
 * @param padTokenId token that fills up rows elsewhere, or −1; transformers leaves its embedding untrained, and so do we
 * @param eosTokenIds tokens that end a turn; may be empty
 */
public record ModelConfig(Family family, String prefix, int vocabularySize, int hiddenSize, int feedForwardSize,
        int heads, int keyValueHeads, int headSize, int maxPositions, boolean tiedEmbeddings, double normEpsilon,
        Activation activation, Biases biases, Softcaps softcaps, List<Layer> plan, int bosTokenId,
        int padTokenId, List<Integer> eosTokenIds) {

    /** Which linear layers have a bias. */
    public record Biases(boolean queryKeyValue, boolean attentionOutput, boolean feedForward) {
        static final Biases NONE = new Biases(false, false, false);
    }

    /** Bounds c in c · tanh(x / c), of attention scores and of logits; 0 for none. */
    public record Softcaps(double attention, double logits) {
        static final Softcaps NONE = new Softcaps(0, 0);
    }

    /**
     * One layer's attention.
     *
     * @param window how many tokens back it looks, its own included; 0 for all
     * @param rope how queries and keys are turned; empty where they are not
     * @param scale by which the products of queries and keys are multiplied
     */
    public record Layer(int window, Optional<Rope> rope, double scale) {}

    public ModelConfig {
        plan = List.copyOf(plan);
        eosTokenIds = List.copyOf(eosTokenIds);
        if (keyValueHeads < 1 || heads % keyValueHeads != 0 || headSize < 1) {
            throw new EngineException("The model's config.json has " + heads + " heads of " + headSize + " and "
                    + keyValueHeads + " key-value heads; the first must be a multiple of the last.");
        }
        int size = headSize;
        plan.stream().flatMap(layer -> layer.rope().stream()).filter(rope -> rope.dimensions(size) % 2 != 0).findFirst()
                .ifPresent(rope -> {
                    throw new EngineException("The model's config.json turns " + rope.dimensions(size)
                            + " dimensions of a head of " + size + "; their number must be even.");
                });
    }

    /** A plain Llama with the same attention in all layers. */
    public static ModelConfig llama(int vocabularySize, int hiddenSize, int feedForwardSize, int layers, int heads,
            int keyValueHeads, int headSize, double normEpsilon, int maxPositions, boolean tiedEmbeddings, Rope rope,
            int bosTokenId, List<Integer> eosTokenIds) {
        var layer = new Layer(0, Optional.of(rope), 1 / Math.sqrt(headSize));
        return new ModelConfig(Family.LLAMA, "model.", vocabularySize, hiddenSize, feedForwardSize, heads,
                keyValueHeads, headSize, maxPositions, tiedEmbeddings, normEpsilon, Activation.SILU, Biases.NONE,
                Softcaps.NONE, Collections.nCopies(layers, layer), bosTokenId, -1, eosTokenIds);
    }

    /**
     * Reads {@code config.json} of a model directory.
     *
     * @throws EngineException if there is none, it is not JSON, or the model is of a kind this engine does not have
     */
    public static ModelConfig read(Path modelDir) {
        return ConfigReader.read(modelDir);
    }

    /** How many layers there are. */
    public int layers() {
        return plan.size();
    }

    /** How many numbers the weights are; tied embeddings count once. */
    public long parameterCount() {
        return new ModelLayout(this).parameterCount();
    }
}
