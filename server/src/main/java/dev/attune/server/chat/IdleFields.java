package dev.attune.server.chat;

import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Fields;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The keys of a chat completion that change nothing here, but have to be what they are said to be. */
final class IdleFields {
    private static final List<String> TEXTS = List.of("user", "safety_identifier", "prompt_cache_key",
            "prompt_cache_retention");
    private static final List<String> OBJECTS = List.of("prediction", "prompt_cache_options", "moderation");
    private static final Map<String, List<String>> CHOICES = Map.of("service_tier",
            List.of("auto", "default", "flex", "scale", "priority"), "reasoning_effort",
            List.of("none", "minimal", "low", "medium", "high", "xhigh", "max"), "verbosity",
            List.of("low", "medium", "high"));
    static final Set<String> KEYS = keys();

    private IdleFields() {}

    private static Set<String> keys() {
        var keys = new HashSet<>(CHOICES.keySet());
        keys.addAll(TEXTS);
        keys.addAll(OBJECTS);
        return Set.copyOf(keys);
    }

    /**
     * @throws ApiException 400, naming the key
     */
    static void check(Fields body) {
        TEXTS.forEach(key -> body.text(key, ""));
        OBJECTS.forEach(body::object);
        CHOICES.forEach((key, choices) -> {
            String chosen = body.text(key, choices.getFirst());
            if (!choices.contains(chosen)) {
                throw ApiException.badRequest("Invalid value: '" + chosen + "'. Supported values are: '"
                        + String.join("', '", choices) + "'.", key, "invalid_value");
            }
        });
    }
}
