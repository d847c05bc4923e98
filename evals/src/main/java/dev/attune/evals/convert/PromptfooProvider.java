package dev.attune.evals.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whom promptfoo asks.
 *
 * @param model its name without the maker's prefix, which our server's address stands for; empty where none is named
 * @param config how it is asked
 */
record PromptfooProvider(String model, JsonNode config) {
    private static final Map<String, String> SETTINGS = Map.of("temperature", "temperature", "max_tokens", "max_tokens",
            "max_completion_tokens", "max_tokens");

    /** All of a configuration, in their order; they stand under {@code providers} or {@code targets}. */
    static List<PromptfooProvider> all(JsonNode root) {
        JsonNode written = root.has("providers") ? root.get("providers") : root.path("targets");
        var all = new ArrayList<PromptfooProvider>();
        (written.isArray() ? written : List.of(written)).forEach(node -> all.add(of(node)));
        return all.stream().filter(provider -> !provider.model().isEmpty()).toList();
    }

    /** One: a text, a mapping with {@code id}, or the text as the only key of a mapping. */
    static PromptfooProvider of(JsonNode node) {
        JsonNode options = node;
        String id = node.isString() ? node.asString() : node.path("id").asString("");
        if (node.isObject() && !node.has("id") && node.size() == 1) {
            id = node.propertyNames().iterator().next();
            options = node.get(id);
        }
        return new PromptfooProvider(id.replaceFirst("^(?:openai|azure|attune):(?:chat:|completion:|responses:)?", ""),
                options.isObject() ? options.path("config") : MissingNode.getInstance());
    }

    /** Writes what it is asked with into an evaluation. */
    void settings(ObjectNode evaluate) {
        SETTINGS.forEach((theirs, ours) -> {
            if (config.path(theirs).isNumber()) {
                evaluate.set(ours, config.get(theirs));
            }
        });
    }
}
