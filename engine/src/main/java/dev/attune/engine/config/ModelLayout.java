package dev.attune.engine.config;

import dev.attune.engine.tensor.Parameters;

import java.util.ArrayList;
import java.util.List;

/**
 * Names and shapes of all weights of a model, as its checkpoint has them. The linear layers that read the same input lie
 * next to each other, so that they can be multiplied as one matrix.
 */
public final class ModelLayout {
    private final ModelConfig config;
    private final boolean gpt2;

    /** A norm within a block. */
    public enum BlockNorm {
        ATTENTION, AFTER_ATTENTION, FEED_FORWARD, AFTER_FEED_FORWARD, QUERY, KEY
    }

    /** The groups of a block's linear layers, in the order of {@link #groups}. */
    public enum Group {
        QUERY_KEY_VALUE, ATTENTION_OUTPUT, FEED_FORWARD_INPUT, FEED_FORWARD_OUTPUT
    }

    public ModelLayout(ModelConfig config) {
        this.config = config;
        this.gpt2 = config.family() == Family.GPT2;
    }

    public String embedding() {
        return config.prefix() + (embeddingModule() + ".weight");
    }

    /** The last part of the embedding's name, by which PEFT knows it. */
    String embeddingModule() {
        return gpt2 ? "wte" : "embed_tokens";
    }

    /** Whether an adapter in PEFT's form can have an embedding of its own: PEFT ties no head to GPT-2's. */
    public boolean embeddingAdaptable() {
        return !(gpt2 && config.tiedEmbeddings());
    }

    /** Of learned positions. */
    public String positions() {
        return config.prefix() + "wpe.weight";
    }

    /** Without its {@code .weight}. */
    public String finalNorm() {
        return config.prefix() + (gpt2 ? "ln_f" : "norm");
    }

    public String head() {
        return config.tiedEmbeddings() ? embedding() : "lm_head.weight";
    }

    public boolean has(BlockNorm norm) {
        return switch (norm) {
            case ATTENTION, FEED_FORWARD -> true;
            case AFTER_ATTENTION, AFTER_FEED_FORWARD -> config.family().has(Family.Trait.POST_NORMS);
            case QUERY, KEY -> config.family().has(Family.Trait.QUERY_KEY_NORM);
        };
    }

    /** Without its {@code .weight}. */
    public String norm(BlockNorm norm, int layer) {
        boolean post = config.family().has(Family.Trait.POST_NORMS);
        return block(layer) + switch (norm) {
            case ATTENTION -> gpt2 ? "ln_1" : "input_layernorm";
            case AFTER_ATTENTION -> "post_attention_layernorm";
            case FEED_FORWARD -> gpt2 ? "ln_2" : post ? "pre_feedforward_layernorm" : "post_attention_layernorm";
            case AFTER_FEED_FORWARD -> "post_feedforward_layernorm";
            case QUERY -> "self_attn.q_norm";
            case KEY -> "self_attn.k_norm";
        };
    }

    private String block(int layer) {
        return config.prefix() + (gpt2 ? "h." : "layers.") + layer + ".";
    }

    /** The linear layers of one block, those that read the same input together, in the order of {@link Group}. */
    public List<List<LinearModule>> groups(int layer) {
        int hidden = config.hiddenSize();
        int inner = config.feedForwardSize();
        int queries = config.heads() * config.headSize();
        int keys = config.keyValueHeads() * config.headSize();
        ModelConfig.Biases biases = config.biases();
        boolean fused = config.family().has(Family.Trait.FUSED);
        boolean gated = !config.family().has(Family.Trait.UNGATED);
        String attention = block(layer) + (gpt2 ? "attn." : "self_attn.");
        String feed = block(layer) + "mlp.";
        return List.of(
                fused
                        ? List.of(module(attention + (gpt2 ? "c_attn" : "qkv_proj"), hidden, queries + 2 * keys,
                                biases.queryKeyValue()))
                        : List.of(module(attention + "q_proj", hidden, queries, biases.queryKeyValue()),
                                module(attention + "k_proj", hidden, keys, biases.queryKeyValue()),
                                module(attention + "v_proj", hidden, keys, biases.queryKeyValue())),
                List.of(module(attention + (gpt2 ? "c_proj" : "o_proj"), queries, hidden, biases.attentionOutput())),
                fused || !gated
                        ? List.of(module(feed + (gated ? "gate_up_proj" : "c_fc"), hidden, gated ? 2 * inner : inner,
                                biases.feedForward()))
                        : List.of(module(feed + "gate_proj", hidden, inner, biases.feedForward()),
                                module(feed + "up_proj", hidden, inner, biases.feedForward())),
                List.of(module(feed + (gpt2 ? "c_proj" : "down_proj"), inner, hidden, biases.feedForward())));
    }

    private LinearModule module(String name, int inputs, int outputs, boolean bias) {
        return new LinearModule(name, inputs, outputs, bias, config.family().has(Family.Trait.CONV1D));
    }

    /** All linear layers of all blocks. */
    public List<LinearModule> linearModules() {
        var modules = new ArrayList<LinearModule>();
        for (int layer = 0; layer < config.layers(); layer++) {
            groups(layer).forEach(modules::addAll);
        }
        return modules;
    }

    /** All weights: the blocks' matrices first, then biases, norms, embedding and head. */
    public Parameters.Layout parameters() {
        var layout = new Parameters.Layout();
        linearModules().forEach(module -> layout.add(module.weight(), module.shape()));
        linearModules().stream().filter(LinearModule::bias)
                .forEach(module -> layout.add(module.biasName(), module.outputs()));
        for (int layer = 0; layer < config.layers(); layer++) {
            for (BlockNorm norm : BlockNorm.values()) {
                if (has(norm)) {
                    boolean head = norm == BlockNorm.QUERY || norm == BlockNorm.KEY;
                    addNorm(layout, norm(norm, layer), head ? config.headSize() : config.hiddenSize());
                }
            }
        }
        addNorm(layout, finalNorm(), config.hiddenSize());
        layout.add(embedding(), config.vocabularySize(), config.hiddenSize());
        if (config.family().has(Family.Trait.LEARNED_POSITIONS)) {
            layout.add(positions(), config.maxPositions(), config.hiddenSize());
        }
        if (!config.tiedEmbeddings()) {
            layout.add(head(), config.vocabularySize(), config.hiddenSize());
        }
        return layout;
    }

    private void addNorm(Parameters.Layout layout, String name, int size) {
        layout.add(name + ".weight", size);
        if (config.family().has(Family.Trait.LAYER_NORM)) {
            layout.add(name + ".bias", size);
        }
    }

    /** How many numbers the weights are; tied embeddings count once. */
    long parameterCount() {
        return parameters().size();
    }
}
