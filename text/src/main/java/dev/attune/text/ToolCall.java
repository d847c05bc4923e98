package dev.attune.text;

import java.util.Map;

/**
 * A function that the model asks to be called.
 *
 * @param arguments the arguments as JSON text, as the wire carries them
 */
public record ToolCall(String id, String name, String arguments) {

    /** The call as a chat template sees it; {@code arguments} stays JSON text. */
    Map<String, Object> forTemplate() {
        return Map.of("id", id, "type", "function", "function", Map.of("name", name, "arguments", arguments));
    }
}
