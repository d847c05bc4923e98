package dev.attune.engine.config;

import dev.attune.engine.EngineException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads PEFT's {@code adapter_config.json}, and refuses by name what is more than LoRA. */
public final class AdapterConfigReader {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private AdapterConfigReader() {}

    /**
     * What an adapter's configuration says.
     *
     * @param baseModel {@code base_model_name_or_path}, or empty
     */
    public record Read(LoraConfig lora, String baseModel) {}

    /**
     * @param adapted names of the layers that the adapter's file has tensors of
     * @param base the model it is for
     */
    public static Read read(Path file, Set<String> adapted, ModelConfig base) {
        try {
            JsonNode json = JSON.readTree(Files.readString(file));
            refuseWhatIsMoreThanLora(json, file);
            var lora = new LoraConfig(json.path("r").asInt(8), json.path("lora_alpha").asDouble(8),
                    json.path("lora_dropout").asDouble(0), targets(json, adapted),
                    json.path("use_rslora").asBoolean(false), ranks(json.path("rank_pattern")),
                    alphas(json.path("alpha_pattern")),
                    embedding(json, file, base), json.path("use_dora").asBoolean(false));
            return new Read(lora, json.path("base_model_name_or_path").asString(""));
        } catch (IOException | JacksonException e) {
            throw new EngineException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Names and patterns as they are; where layers are left out of them in further keys, the layers that the file has
     * tensors of.
     */
    private static LoraTargets targets(JsonNode json, Set<String> adapted) {
        JsonNode targets = json.path("target_modules");
        boolean narrowed = Set.of("exclude_modules", "layers_to_transform", "layers_pattern").stream()
                .anyMatch(key -> !json.path(key).isNull() && !json.path(key).isMissingNode());
        if (targets.isString() && targets.asString().equalsIgnoreCase(LoraTargets.ALL_LINEAR) && !narrowed) {
            return LoraTargets.allLinear();
        }
        if (targets.isString() && !narrowed) {
            return LoraTargets.matching(targets.asString());
        }
        if (targets.isArray() && !narrowed) {
            return LoraTargets.named(targets.values().stream().map(JsonNode::asString).sorted().toList());
        }
        return LoraTargets.named(adapted.stream().sorted().toList());
    }

    /** Whether the embedding, and nothing else, is trained as a whole. */
    private static boolean embedding(JsonNode json, Path file, ModelConfig base) {
        List<String> whole = json.path("modules_to_save").values().stream().map(JsonNode::asString).toList();
        if (whole.isEmpty()) {
            return false;
        }
        String module = new ModelLayout(base).embeddingModule();
        boolean tied = base.tiedEmbeddings();
        List<String> others = whole.stream().filter(name -> !name.equals(module) && !name.endsWith("." + module)
                && !(tied && name.equals("lm_head"))).toList();
        if (!others.isEmpty()) {
            throw new EngineException(file + " trains " + String.join(", ", others) + " as a whole (modules_to_save);"
                    + " only " + module + " is known.");
        }
        boolean together = json.path("ensure_weight_tying").asBoolean(false)
                && new ModelLayout(base).embeddingAdaptable();
        if (tied && !together) {
            throw new EngineException(file + " trains " + module + " apart from the output head, but the base model has"
                    + " one matrix for both. Adapters with ensure_weight_tying can be read, of models other than GPT-2.");
        }
        return true;
    }

    private static void refuseWhatIsMoreThanLora(JsonNode json, Path file) {
        if (!json.path("peft_type").asString("LORA").equals("LORA")) {
            throw new EngineException(file + " says peft_type " + json.path("peft_type") + "; only LORA is known.");
        }
        for (String flag : List.of("lora_bias", "use_qalora", "use_bdlora")) {
            if (json.path(flag).asBoolean(false)) {
                throw new EngineException(file + " says " + flag + "; only LoRA and DoRA are known.");
            }
        }
        for (String more : List.of("target_parameters", "trainable_token_indices",
                "layer_replication", "alora_invocation_tokens")) {
            if (!json.path(more).isEmpty()) {
                throw new EngineException(file + " uses " + more + "; only LoRA and DoRA are known.");
            }
        }
        if (!json.path("bias").asString("none").equals("none")) {
            throw new EngineException(file + " trains biases; only LoRA and DoRA are known.");
        }
    }

    /** PEFT's {@code rank_pattern}. */
    public static Map<String, Integer> ranks(JsonNode json) {
        var ranks = new LinkedHashMap<String, Integer>();
        json.properties().forEach(entry -> ranks.put(entry.getKey(), entry.getValue().asInt()));
        return ranks;
    }

    /** PEFT's {@code alpha_pattern}. */
    public static Map<String, Double> alphas(JsonNode json) {
        var alphas = new LinkedHashMap<String, Double>();
        json.properties().forEach(entry -> alphas.put(entry.getKey(), entry.getValue().asDouble()));
        return alphas;
    }
}
