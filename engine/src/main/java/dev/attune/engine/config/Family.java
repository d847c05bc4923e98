package dev.attune.engine.config;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A family of models: what all its sizes have in common, and what its {@code config.json} leaves out. One decoder runs
 * them all; a new family is a constant here and a golden test.
 */
public enum Family {
    /** Llama 2 and 3.x, SmolLM2, and all that is laid out like them. */
    LLAMA("llama", Set.of(), Map.of()),
    /** Mistral 7B and its successors: every layer looks back as far as a window. */
    MISTRAL("mistral", Set.of(), Map.of("num_key_value_heads", 8, "sliding_window", 4096, "max_position_embeddings",
            131072)),
    /** Qwen2 and Qwen2.5. */
    QWEN2("qwen2", Set.of(Trait.QUERY_KEY_VALUE_BIAS),
            Map.of("num_key_value_heads", 32, "sliding_window", 4096, "max_window_layers", 28,
                    "max_position_embeddings", 32768)),
    /** Qwen3, the dense sizes. */
    QWEN3("qwen3", Set.of(Trait.QUERY_KEY_NORM),
            Map.of("num_key_value_heads", 32, "head_dim", 128, "sliding_window", 4096, "max_window_layers",
                    28, "max_position_embeddings", 32768)),
    /** SmolLM3: some layers know no positions. */
    SMOLLM3("smollm3", Set.of(), Map.of("num_key_value_heads", 4, "rope_theta", 2e6, "no_rope_layer_interval", 4,
            "tie_word_embeddings", true, "max_position_embeddings", 32768)),
    /** Gemma 2. */
    GEMMA2("gemma2", Set.of(Trait.UNIT_OFFSET_NORM, Trait.POST_NORMS, Trait.SCALED_EMBEDDING),
            Map.of("num_attention_heads", 8, "num_key_value_heads", 4, "head_dim", 256, "query_pre_attn_scalar", 256,
                    "sliding_window", 4096, "sliding_window_pattern", 2, "attn_logit_softcapping", 50,
                    "final_logit_softcapping", 30, "tie_word_embeddings", true, "max_position_embeddings", 8192)),
    /** The text part of Gemma 3. */
    GEMMA3("gemma3_text", Set.of(Trait.UNIT_OFFSET_NORM, Trait.POST_NORMS, Trait.SCALED_EMBEDDING,
            Trait.QUERY_KEY_NORM),
            Map.of("vocab_size", 262208, "num_attention_heads", 8, "num_key_value_heads", 4, "head_dim", 256,
                    "query_pre_attn_scalar", 256, "sliding_window", 4096, "sliding_window_pattern", 6, "rope_theta",
                    1e6, "tie_word_embeddings", true, "max_position_embeddings", 131072)),
    /** GPT-2. */
    GPT2("gpt2", Set.of(Trait.LAYER_NORM, Trait.EVERY_BIAS, Trait.FUSED, Trait.CONV1D, Trait.UNGATED,
            Trait.LEARNED_POSITIONS),
            Map.of("vocab_size", 50257, "hidden_size", 768, "num_hidden_layers", 12, "num_attention_heads", 12,
                    "max_position_embeddings", 1024, "hidden_act", "gelu_new", "rms_norm_eps", 1e-5,
                    "tie_word_embeddings", true)),
    /** Phi-3, Phi-3.5 and Phi-4, which keep the name of the first. */
    PHI3("phi3", Set.of(Trait.FUSED), Map.of("rms_norm_eps", 1e-5, "original_max_position_embeddings", 4096,
            "max_position_embeddings", 4096));

    /** A way in which a family departs from Llama. */
    public enum Trait {
        /** Norms multiply by 1 + weight. */
        UNIT_OFFSET_NORM,
        /** Norms take the mean off and add a bias. */
        LAYER_NORM,
        /** Attention and feed-forward part are normed once more before they are added. */
        POST_NORMS,
        /** The query and key of each head are normed before they are turned. */
        QUERY_KEY_NORM,
        /** Query, key and value have biases. */
        QUERY_KEY_VALUE_BIAS,
        /** Every linear layer has a bias. */
        EVERY_BIAS,
        /** Query, key and value lie in one matrix, and so do gate and up. */
        FUSED,
        /** Matrices are stored as inputs × outputs. */
        CONV1D,
        /** The feed-forward part has no gate. */
        UNGATED,
        /** Each position has a learned vector; nothing is turned. */
        LEARNED_POSITIONS,
        /** Embeddings are multiplied by √hidden. */
        SCALED_EMBEDDING
    }

    /** What GPT-2 calls the keys that the others share. */
    private static final Map<String, String> OTHER_KEYS = Map.of("hidden_size", "n_embd", "num_hidden_layers",
            "n_layer", "num_attention_heads", "n_head", "max_position_embeddings", "n_positions", "intermediate_size",
            "n_inner", "rms_norm_eps", "layer_norm_epsilon", "hidden_act", "activation_function");

    private final String modelType;
    private final Set<Trait> traits;
    private final Map<String, Object> defaults;

    Family(String modelType, Set<Trait> traits, Map<String, Object> defaults) {
        this.modelType = modelType;
        this.traits = traits;
        this.defaults = defaults;
    }

    /** The {@code model_type} of its {@code config.json}. */
    public String modelType() {
        return modelType;
    }

    /** Whether the family departs from Llama in this way. */
    public boolean has(Trait trait) {
        return traits.contains(trait);
    }

    /** What transformers takes for keys that {@code config.json} leaves out, by the keys that Llama uses. */
    Map<String, Object> defaults() {
        return defaults;
    }

    /** The family's own name of a key. */
    String key(String llamaKey) {
        return this == GPT2 ? OTHER_KEYS.getOrDefault(llamaKey, llamaKey) : llamaKey;
    }

    /** The family of a {@code model_type}. */
    static Optional<Family> of(String modelType) {
        return Arrays.stream(values()).filter(family -> family.modelType.equals(modelType)).findFirst();
    }

    /** All known values of {@code model_type}. */
    static List<String> modelTypes() {
        return Arrays.stream(values()).map(Family::modelType).sorted().toList();
    }
}
