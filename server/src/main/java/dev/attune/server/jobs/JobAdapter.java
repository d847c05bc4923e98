package dev.attune.server.jobs;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.LoraTargets;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Fields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The key {@code lora} of a request to create a job, which OpenAI never had: the shape of the adapter, by PEFT's names.
 * What is left out is as the server chooses it.
 */
final class JobAdapter {
    private static final int MOST_RANK = 1024;
    private static final Set<String> KEYS = Set.of("r", "lora_alpha", "lora_dropout", "target_modules", "use_rslora",
            "use_dora", "rank_pattern", "alpha_pattern");

    private JobAdapter() {}

    /**
     * @return null where the request says nothing of it
     * @throws ApiException 400, naming the place
     */
    static @Nullable ObjectNode of(Fields body) {
        if (!body.has("lora")) {
            return null;
        }
        Fields lora = body.object("lora");
        lora.refuseExtra(KEYS);
        lora.integer("r", 1, MOST_RANK, 1);
        lora.number("lora_alpha", 0, 1e6, 1);
        lora.number("lora_dropout", 0, 1, 0);
        lora.flag("use_rslora", false);
        lora.flag("use_dora", false);
        for (String pattern : List.of("rank_pattern", "alpha_pattern")) {
            Fields layers = lora.object(pattern);
            layers.node().propertyNames().forEach(layer -> layers.number(layer, 0, 1e6, 1));
        }
        JsonNode targets = lora.value("target_modules");
        if (lora.has("target_modules") && !targets.isString()) {
            lora.array("target_modules").forEach(module -> {
                if (!module.isString()) {
                    throw lora.wrongType("target_modules", "a string or an array of strings", module);
                }
            });
        }
        try {
            config(lora.node(), LoraConfig.allLinear(1));
        } catch (EngineException e) {
            throw ApiException.badRequest(String.valueOf(e.getMessage()), "lora");
        }
        return lora.node();
    }

    /** The shape that a stored request asks for. @param chosen what the server chooses where nothing is said */
    static LoraConfig config(@Nullable ObjectNode lora, LoraConfig chosen) {
        if (lora == null) {
            return chosen;
        }
        int rank = lora.path("r").asInt(chosen.rank());
        JsonNode targets = lora.path("target_modules");
        LoraTargets modules = targets.isArray()
                ? LoraTargets.named(targets.values().stream().map(JsonNode::asString).toList())
                : targets.isString() ? LoraTargets.matching(targets.stringValue()) : chosen.targets();
        Map<String, Integer> ranks = new LinkedHashMap<>();
        lora.path("rank_pattern").properties().forEach(layer -> ranks.put(layer.getKey(), layer.getValue().asInt()));
        Map<String, Double> alphas = new LinkedHashMap<>();
        lora.path("alpha_pattern").properties()
                .forEach(layer -> alphas.put(layer.getKey(), layer.getValue().asDouble()));
        LoraConfig shaped = LoraConfig.of(rank, lora.path("lora_alpha").asDouble(2.0 * rank), modules)
                .withDropout(lora.path("lora_dropout").asDouble(0)).withPatterns(ranks, alphas);
        LoraConfig whole = chosen.embedding() ? shaped.withEmbedding() : shaped;
        LoraConfig stable = lora.path("use_rslora").asBoolean(false) ? whole.stabilized() : whole;
        return lora.path("use_dora").asBoolean(false) ? stable.withMagnitudes() : stable;
    }
}
