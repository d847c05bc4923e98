package dev.attune.dataset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows of the days before tools, as rows of today: {@code functions} become {@code tools}, a {@code function_call} becomes a
 * call with an id, and a message of the role {@code function} the reply to the newest call of its name. Lists keep their
 * length and order, so JSON pointers to messages stay true.
 */
final class LegacyFunctions {
    private final Findings findings;
    private final Map<String, String> ids = new HashMap<>();
    private int calls;

    private LegacyFunctions(Findings findings) {
        this.findings = findings;
    }

    /** The row as of today, with a warning where something had to be rewritten; the row itself where nothing had. */
    static Map<String, Object> modern(Map<String, Object> row, Findings findings) {
        return new LegacyFunctions(findings).row(row);
    }

    private Map<String, Object> row(Map<String, Object> row) {
        var modern = new LinkedHashMap<String, Object>(row);
        if (row.get("functions") instanceof List<?> functions && row.get("tools") == null) {
            outdated("deprecated_functions", "/functions",
                    "'functions' is outdated; 'tools' is what newer models and tools read", functions);
            modern.remove("functions");
            modern.put("tools", functions.stream().map(LegacyFunctions::tool).toList());
        }
        if (row.get("messages") instanceof List<?> messages) {
            var list = new ArrayList<@Nullable Object>();
            for (int i = 0; i < messages.size(); i++) {
                list.add(messages.get(i) instanceof Map<?, ?> message
                        ? message("/messages/" + i, message)
                        : messages.get(i));
            }
            modern.put("messages", list);
        }
        return modern;
    }

    private static Map<String, Object> tool(@Nullable Object function) {
        var tool = new LinkedHashMap<String, Object>();
        tool.put("type", "function");
        if (function != null) {
            tool.put("function", function);
        }
        return tool;
    }

    private Map<?, ?> message(String at, Map<?, ?> message) {
        if ("assistant".equals(message.get("role")) && message.get("tool_calls") == null
                && message.get("function_call") instanceof Map<?, ?> call && call.get("name") instanceof String name) {
            outdated("deprecated_function_call", at + "/function_call",
                    "'function_call' is outdated; 'tool_calls' is what newer models and tools read", call);
            String id = "call_" + ++calls;
            ids.put(name, id);
            var modern = copy(message, "function_call", "tool_calls");
            modern.put("tool_calls", List.of(Map.of("id", id, "type", "function", "function", call)));
            return modern;
        }
        if ("function".equals(message.get("role")) && message.get("name") instanceof String name) {
            outdated("deprecated_function_call", at + "/role",
                    "the role 'function' is outdated; 'tool' with a 'tool_call_id' is what newer models and tools read",
                    message);
            var modern = copy(message, "role", "name");
            modern.put("role", "tool");
            modern.put("tool_call_id", ids.getOrDefault(name, name));
            return modern;
        }
        return message;
    }

    private static Map<String, @Nullable Object> copy(Map<?, ?> message, String... without) {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        message.forEach((key, value) -> copy.put(String.valueOf(key), value));
        for (String key : without) {
            copy.remove(key);
        }
        return copy;
    }

    private void outdated(String code, String pointer, String message, Object evidence) {
        findings.warning(code, pointer, message, evidence);
    }
}
