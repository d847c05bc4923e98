package dev.attune.engine.config;

import dev.attune.engine.EngineException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Reads {@code config.json} in both dialects, that of transformers 4 ({@code rope_theta}, {@code rope_scaling}) and that
 * of 5 ({@code rope_parameters}, {@code layer_types}). The text part of a model that also sees is found under
 * {@code text_config}. A key that is left out has the meaning that transformers gives it in that family.
 */
final class ConfigReader {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<Family> GEMMA = Set.of(Family.GEMMA2, Family.GEMMA3);
    /** Keys that mean something in some families only; transformers reads over them in others. */
    private static final Map<String, Set<Family>> OWN = Map.of("attention_bias",
            Set.of(Family.LLAMA, Family.SMOLLM3, Family.QWEN3, Family.GEMMA2, Family.GEMMA3), "mlp_bias",
            Set.of(Family.LLAMA, Family.SMOLLM3), "attn_logit_softcapping", Set.of(Family.GEMMA2),
            "final_logit_softcapping", GEMMA, "query_pre_attn_scalar", GEMMA, "scale_attn_weights",
            Set.of(Family.GPT2), "scale_attn_by_inverse_layer_idx", Set.of(Family.GPT2));

    private final Path file;
    private final JsonNode whole;
    private final JsonNode text;
    private final Family family;
    private final JsonNode defaults;

    private ConfigReader(Path file, JsonNode whole) {
        this.file = file;
        this.whole = whole;
        this.text = whole.path("text_config").isObject() ? whole.path("text_config") : whole;
        String type = text.path("model_type").asString(whole.path("model_type").asString(""));
        this.family = Family.of(type).orElseThrow(() -> new EngineException(file + " says model_type \"" + type
                + "\"; this engine runs " + String.join(", ", Family.modelTypes()) + "."));
        this.defaults = JSON.valueToTree(family.defaults());
    }

    static ModelConfig read(Path modelDir) {
        Path file = modelDir.resolve("config.json");
        if (!Files.isRegularFile(file)) {
            throw new EngineException(
                    modelDir + " has no config.json; a base model is a directory in Hugging Face layout.");
        }
        try {
            return new ConfigReader(file, JSON.readTree(Files.readString(file))).config();
        } catch (IOException | JacksonException e) {
            throw new EngineException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private ModelConfig config() {
        refuseWhatIsNotKnown();
        int hidden = positive("hidden_size");
        int heads = positive("num_attention_heads");
        int headSize = get("head_dim").asInt(0);
        int size = headSize > 0 ? headSize : hidden / heads;
        int inner = get("intermediate_size").asInt(0);
        var layers = new LayerPlanReader(file, family, this::get, heads, size);
        return new ModelConfig(family, prefix(), positive("vocab_size"), hidden,
                inner == 0 && family == Family.GPT2 ? 4 * hidden : positive("intermediate_size"), heads,
                get("num_key_value_heads").asInt(heads), size, layers.maxPositions(),
                either("tie_word_embeddings").asBoolean(false), get("rms_norm_eps").asDouble(1e-6), activation(),
                biases(), new ModelConfig.Softcaps(get("attn_logit_softcapping").asDouble(0),
                        get("final_logit_softcapping").asDouble(0)),
                layers.read(positive("num_hidden_layers")), either("bos_token_id").asInt(-1), padTokenId(),
                integers(either("eos_token_id")));
    }

    /** GPT-2 alone is without one, whatever its file says. */
    private int padTokenId() {
        return family == Family.GPT2 ? -1 : get("pad_token_id").asInt(-1);
    }

    private String prefix() {
        return family == Family.GPT2 ? "transformer." : text == whole ? "model." : "model.language_model.";
    }

    private void refuseWhatIsNotKnown() {
        if (whole.path("quantization_config").isObject()) {
            throw new EngineException(file + " has a quantization_config; take the model's unquantized weights.");
        }
        for (String flag : List.of("use_bidirectional_attention", "add_cross_attention", "is_encoder_decoder")) {
            if (get(flag).asBoolean(false)) {
                throw new EngineException(file + " says " + flag + " true; only plain decoders are known.");
            }
        }
    }

    private Activation activation() {
        JsonNode gemma = get("hidden_activation");
        String name = gemma.isString()
                ? gemma.asString()
                : GEMMA.contains(family) ? "gelu_pytorch_tanh" : get("hidden_act").asString("silu");
        return Activation.of(name).orElseThrow(() -> new EngineException(file + " says the activation is \"" + name
                + "\"; known are silu, gelu, gelu_new and gelu_pytorch_tanh."));
    }

    private ModelConfig.Biases biases() {
        if (family.has(Family.Trait.EVERY_BIAS)) {
            return new ModelConfig.Biases(true, true, true);
        }
        boolean attention = get("attention_bias").asBoolean(false);
        return new ModelConfig.Biases(attention || family.has(Family.Trait.QUERY_KEY_VALUE_BIAS), attention,
                get("mlp_bias").asBoolean(false));
    }

    /** The value of a key, given by the name that Llama has for it, or what it means when left out. */
    private JsonNode get(String key) {
        if (OWN.containsKey(key) && !OWN.get(key).contains(family)) {
            return MissingNode.getInstance();
        }
        String name = family.key(key);
        if (text.has(name)) {
            return text.path(name);
        }
        return defaults.has(key) ? defaults.path(key) : MissingNode.getInstance();
    }

    /** As {@link #get}, where a model that also sees may say it outside its text part. */
    private JsonNode either(String key) {
        return !text.has(family.key(key)) && whole.has(key) ? whole.path(key) : get(key);
    }

    private int positive(String key) {
        int value = get(key).asInt(0);
        if (value <= 0) {
            throw new EngineException(file + " has no positive \"" + family.key(key) + "\".");
        }
        return value;
    }

    private static List<Integer> integers(JsonNode node) {
        var ids = new ArrayList<Integer>();
        if (node.isNumber()) {
            ids.add(node.asInt());
        }
        node.values().forEach(id -> ids.add(id.asInt()));
        return ids;
    }

    /** Looks up keys of a configuration. */
    interface Keys {
        JsonNode get(String key);

        /** A number that is there and is not null. */
        default Optional<Double> number(String key) {
            return get(key).isNumber() ? Optional.of(get(key).asDouble()) : Optional.empty();
        }
    }
}
