package dev.attune.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The shape of a Llama-family model, as its {@code config.json} says it. Both dialects are read: the one with
 * {@code rope_theta} and {@code rope_scaling}, and the newer one with {@code rope_parameters}.
 *
 * @param vocabularySize V, rows of the embedding
 * @param hiddenSize D, width of the residual stream
 * @param feedForwardSize F, width of the gated feed-forward part
 * @param heads H, query heads
 * @param keyValueHeads K, key and value heads; divides H
 * @param headSize size of one head
 * @param maxPositions longest sequence the model was made for
 * @param tiedEmbeddings whether the output head is the embedding
 * @param eosTokenIds tokens that end a turn; may be empty
 */
public record ModelConfig(int vocabularySize, int hiddenSize, int feedForwardSize, int layers, int heads,
        int keyValueHeads, int headSize, double normEpsilon, int maxPositions, boolean tiedEmbeddings, Rope rope,
        int bosTokenId, List<Integer> eosTokenIds) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    public ModelConfig {
        eosTokenIds = List.copyOf(eosTokenIds);
        if (heads % keyValueHeads != 0 || headSize % 2 != 0) {
            throw new EngineException("The model's config.json has " + heads + " heads of " + headSize + " and "
                    + keyValueHeads + " key-value heads; the first must be a multiple of the last, the size even.");
        }
    }

    /** How many numbers the weights are; tied embeddings count once. */
    public long parameterCount() {
        long attention = (long) hiddenSize * headSize * (2L * heads + 2L * keyValueHeads);
        long feedForward = 3L * hiddenSize * feedForwardSize;
        long embeddings = (long) vocabularySize * hiddenSize * (tiedEmbeddings ? 1 : 2);
        return embeddings + layers * (attention + feedForward + 2L * hiddenSize) + hiddenSize;
    }

    /**
     * Reads {@code config.json} of a model directory.
     *
     * @throws EngineException if there is none, it is not JSON, or the model is of a kind this engine does not have
     */
    public static ModelConfig read(Path modelDir) {
        Path file = modelDir.resolve("config.json");
        if (!Files.isRegularFile(file)) {
            throw new EngineException(
                    modelDir + " has no config.json; a base model is a directory in Hugging Face layout.");
        }
        try {
            return parse(JSON.readTree(Files.readString(file)), file);
        } catch (IOException | JacksonException e) {
            throw new EngineException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static ModelConfig parse(JsonNode json, Path file) {
        refuseWhatIsNotLlama(json, file);
        int hidden = integer(json, "hidden_size", file);
        int heads = integer(json, "num_attention_heads", file);
        return new ModelConfig(integer(json, "vocab_size", file), hidden, integer(json, "intermediate_size", file),
                integer(json, "num_hidden_layers", file), heads, json.path("num_key_value_heads").asInt(heads),
                json.path("head_dim").asInt(hidden / heads), json.path("rms_norm_eps").asDouble(1e-6),
                json.path("max_position_embeddings").asInt(2048), json.path("tie_word_embeddings").asBoolean(false),
                rope(json, file), json.path("bos_token_id").asInt(-1), integers(json.path("eos_token_id")));
    }

    private static void refuseWhatIsNotLlama(JsonNode json, Path file) {
        String type = json.path("model_type").asString("");
        if (!type.equals("llama")) {
            throw new EngineException(file + " says model_type \"" + type + "\"; this engine runs \"llama\".");
        }
        String activation = json.path("hidden_act").asString("silu");
        if (!activation.equals("silu")) {
            throw new EngineException(file + " says hidden_act \"" + activation + "\"; only \"silu\" is known.");
        }
        for (String bias : List.of("attention_bias", "mlp_bias")) {
            if (json.path(bias).asBoolean(false)) {
                throw new EngineException(file + " says " + bias + " true; biases are not supported.");
            }
        }
    }

    private static Rope rope(JsonNode json, Path file) {
        JsonNode parameters = json.path("rope_parameters");
        JsonNode scaling = parameters.isObject() ? parameters : json.path("rope_scaling");
        double theta = parameters.path("rope_theta").asDouble(json.path("rope_theta").asDouble(10000));
        String type = scaling.path("rope_type").asString(scaling.path("type").asString("default"));
        return new Rope(theta, switch (type) {
            case "default" -> new Rope.Scaling.None();
            case "linear" -> new Rope.Scaling.Linear(scaling.path("factor").asDouble(1));
            case "llama3" -> new Rope.Scaling.Llama3(scaling.path("factor").asDouble(8),
                    scaling.path("low_freq_factor").asDouble(1), scaling.path("high_freq_factor").asDouble(4),
                    scaling.path("original_max_position_embeddings").asDouble(8192));
            default -> throw new EngineException(
                    file + " says rope_type \"" + type + "\"; known are default, linear and llama3.");
        });
    }

    private static int integer(JsonNode json, String key, Path file) {
        int value = json.path(key).asInt(0);
        if (value <= 0) {
            throw new EngineException(file + " has no positive \"" + key + "\".");
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

    /** The {@code config.json} of this shape, readable by both dialects' readers. */
    public Map<String, Object> toJson(String dataType) {
        if (!(rope.scaling() instanceof Rope.Scaling.None)) {
            throw new EngineException("Only models without rope scaling are written.");
        }
        var json = new LinkedHashMap<String, Object>();
        json.put("architectures", List.of("LlamaForCausalLM"));
        json.put("model_type", "llama");
        json.put("attention_bias", false);
        json.put("attention_dropout", 0.0);
        json.put("bos_token_id", bosTokenId < 0 ? null : bosTokenId);
        json.put("eos_token_id", eosTokenIds.size() == 1 ? eosTokenIds.getFirst() : eosTokenIds);
        json.put("head_dim", headSize);
        json.put("hidden_act", "silu");
        json.put("hidden_size", hiddenSize);
        json.put("initializer_range", 0.02);
        json.put("intermediate_size", feedForwardSize);
        json.put("max_position_embeddings", maxPositions);
        json.put("mlp_bias", false);
        json.put("num_attention_heads", heads);
        json.put("num_hidden_layers", layers);
        json.put("num_key_value_heads", keyValueHeads);
        json.put("rms_norm_eps", normEpsilon);
        json.put("rope_theta", rope.theta());
        json.put("rope_scaling", null);
        json.put("rope_parameters", Map.of("rope_theta", rope.theta(), "rope_type", "default"));
        json.put("tie_word_embeddings", tiedEmbeddings);
        json.put("torch_dtype", dataType);
        json.put("dtype", dataType);
        json.put("use_cache", true);
        json.put("vocab_size", vocabularySize);
        return json;
    }
}
