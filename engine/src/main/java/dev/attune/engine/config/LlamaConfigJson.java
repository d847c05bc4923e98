package dev.attune.engine.config;

import dev.attune.engine.EngineException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The {@code config.json} of a model that was made here, a plain Llama; readers of both dialects understand it. */
public final class LlamaConfigJson {
    private LlamaConfigJson() {}

    /** @param dataType of the weights, such as {@code bfloat16} */
    public static Map<String, Object> of(ModelConfig config, String dataType) {
        Rope rope = config.plan().getFirst().rope().filter(first -> isPlain(config, first))
                .orElseThrow(() -> new EngineException("Only plain Llama models without rope scaling are written."));
        var json = new LinkedHashMap<String, Object>();
        json.put("architectures", List.of("LlamaForCausalLM"));
        json.put("model_type", "llama");
        json.put("attention_bias", false);
        json.put("attention_dropout", 0.0);
        json.put("bos_token_id", config.bosTokenId() < 0 ? null : config.bosTokenId());
        json.put("eos_token_id",
                config.eosTokenIds().size() == 1 ? config.eosTokenIds().getFirst() : config.eosTokenIds());
        json.put("head_dim", config.headSize());
        json.put("hidden_act", "silu");
        json.put("hidden_size", config.hiddenSize());
        json.put("initializer_range", 0.02);
        json.put("intermediate_size", config.feedForwardSize());
        json.put("max_position_embeddings", config.maxPositions());
        json.put("mlp_bias", false);
        json.put("num_attention_heads", config.heads());
        json.put("num_hidden_layers", config.layers());
        json.put("num_key_value_heads", config.keyValueHeads());
        json.put("rms_norm_eps", config.normEpsilon());
        json.put("rope_theta", rope.theta());
        json.put("rope_scaling", null);
        json.put("rope_parameters", Map.of("rope_theta", rope.theta(), "rope_type", "default"));
        json.put("tie_word_embeddings", config.tiedEmbeddings());
        json.put("torch_dtype", dataType);
        json.put("dtype", dataType);
        json.put("use_cache", true);
        json.put("vocab_size", config.vocabularySize());
        return json;
    }

    private static boolean isPlain(ModelConfig config, Rope rope) {
        return config.family() == Family.LLAMA && config.biases().equals(ModelConfig.Biases.NONE)
                && rope.scaling() instanceof Rope.Scaling.None;
    }
}
