package dev.attune.dataset.format;

import dev.attune.dataset.KeySuggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Messages of OpenAI's chat format as JSON objects. */
final class Messages {
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool", "function");
    private static final Set<String> KEYS = Set.of("role", "content", "name", "weight", "tool_calls", "function_call",
            "tool_call_id", "refusal", "audio");

    private Messages() {}

    static Map<String, Object> of(String role, String content) {
        var message = new LinkedHashMap<String, Object>();
        message.put("role", role);
        message.put("content", content);
        return message;
    }

    /** A system message where the row has the key {@code system} with text. */
    static void addSystem(List<Map<String, Object>> messages, Map<String, Object> row, Trace trace) {
        String text = trace.optionalText(row, "system");
        if (!text.isEmpty()) {
            trace.mapped("system", "role 'system'");
            messages.add(of("system", text));
        }
    }

    static boolean isRole(Map<String, Object> message, String role) {
        return role.equals(message.get("role"));
    }

    /** The messages of a list; what a message must not hold is left out. Anything else is an error. */
    static List<Map<String, Object>> read(@Nullable Object value, String at, Trace trace) {
        if (!(value instanceof List<?> list) || list.isEmpty()) {
            trace.error("missing_messages_list", at,
                    "'" + at.substring(at.lastIndexOf('/') + 1) + "' must be a list with at least one message in it",
                    value);
            return List.of();
        }
        var messages = new ArrayList<Map<String, Object>>(list.size());
        for (int i = 0; i < list.size(); i++) {
            Map<String, Object> message = readOne(list.get(i), at + "/" + i, trace);
            if (message != null) {
                messages.add(message);
            }
        }
        return messages;
    }

    /** One message, or null with an error. */
    @SuppressWarnings("unchecked")
    static @Nullable Map<String, Object> readOne(@Nullable Object value, String at, Trace trace) {
        if (!(value instanceof Map<?, ?>)) {
            trace.error("data_type", at, "a message must be an object with 'role' and 'content'", value);
            return null;
        }
        var message = (Map<String, Object>) value;
        if (!(message.get("role") instanceof String role) || !ROLES.contains(role)) {
            trace.error(message.containsKey("role") ? "unrecognized_role" : "message_missing_key", at,
                    message.containsKey("role")
                            ? "the role " + JsonValue.text(String.valueOf(message.get("role")))
                                    + " is unknown; roles are system, developer, user, assistant and tool"
                            : "the message has no 'role'; say who speaks: system, user or assistant",
                    value);
            return null;
        }
        return clean(message, at, trace);
    }

    private static Map<String, Object> clean(Map<String, Object> message, String at, Trace trace) {
        var clean = new LinkedHashMap<String, Object>();
        message.forEach((key, value) -> {
            if (!KEYS.contains(key)) {
                String meant = KeySuggestion.of(key, KEYS, "");
                if (meant.isEmpty()) {
                    trace.dropped("messages[]." + key, "no message of a training file has this key");
                } else {
                    trace.error("message_unrecognized_key", Trace.pointer(at, key),
                            "the key '" + key + "' is unknown in a message" + meant, value);
                }
            } else if (value == null && !key.equals("content")) {
                trace.dropped("messages[]." + key, "it is null, which says nothing");
            } else {
                clean.put(key, value);
            }
        });
        return clean;
    }

    /** The text of a message for a format that has only text; null with an error where it has more. */
    static @Nullable String text(Map<String, Object> message, String at, String title, Trace trace) {
        for (String key : List.of("tool_calls", "function_call", "refusal", "audio")) {
            if (message.containsKey(key)) {
                trace.error("not_expressible", Trace.pointer(at, key),
                        "'" + key + "' cannot be written as " + title + "; choose openai", message.get(key));
                return null;
            }
        }
        Object content = message.get("content");
        if (content instanceof String text) {
            return text;
        }
        if (content instanceof List<?> parts && !parts.isEmpty()) {
            return joined(parts, at + "/content", title, trace);
        }
        trace.error("missing_content", at + "/content", "'content' must be a text or a list of parts", message);
        return null;
    }

    private static @Nullable String joined(List<?> parts, String at, String title, Trace trace) {
        var texts = new ArrayList<String>(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof Map<?, ?> part && "text".equals(part.get("type"))
                    && part.get("text") instanceof String text) {
                texts.add(text);
            } else {
                trace.error("not_expressible", at + "/" + i,
                        "a part that is not text cannot be written as " + title + "; choose openai", parts.get(i));
            }
        }
        if (trace.failed()) {
            return null;
        }
        trace.mapped("text parts of a message", "one text, joined by a line feed");
        return String.join("\n", texts);
    }

    /** The keys beside the messages that say something about them. */
    static Map<String, Object> settings(Map<String, Object> row, Trace trace) {
        var settings = new LinkedHashMap<String, Object>();
        for (String key : List.of("tools", "parallel_tool_calls")) {
            Object value = trace.take(row, key);
            if (value != null) {
                settings.put(key, value);
            } else if (row.containsKey(key)) {
                trace.dropped(key, "it is null, which says nothing");
            }
        }
        return settings;
    }

    /** Names the settings that a format cannot write. */
    static void dropSettings(Map<String, Object> settings, String title, Trace trace) {
        settings.keySet().forEach(key -> trace.dropped(key, title + " has no place for it"));
    }
}
