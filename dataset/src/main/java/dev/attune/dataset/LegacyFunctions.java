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
public final class LegacyFunctions {
    private final Told told;
    private final Map<String, String> ids = new HashMap<>();
    private int calls;

    /** What of a row was outdated. */
    public enum Outdated {
        FUNCTIONS("deprecated_functions", "'functions' is outdated; 'tools' is what newer models and tools read"),
        FUNCTION_CALL("deprecated_function_call",
                "'function_call' is outdated; 'tool_calls' is what newer models and tools read"),
        FUNCTION_ROLE("deprecated_function_call",
                "the role 'function' is outdated; 'tool' with a 'tool_call_id' is what newer models and tools read");

        private final String code;
        private final String message;

        Outdated(String code, String message) {
            this.code = code;
            this.message = message;
        }

        void warn(Findings findings, String pointer, Object evidence) {
            findings.warning(code, pointer, message, evidence);
        }
    }

    /** Told each thing that was rewritten. */
    @FunctionalInterface
    public interface Told {
        /** @param pointer where it stood in the row */
        void rewritten(Outdated what, String pointer, Object evidence);
    }

    private LegacyFunctions(Told told) {
        this.told = told;
    }

    /** The row as of today; what is no well-formed function or call stays as it is. */
    public static Map<String, Object> modern(Map<String, Object> row, Told told) {
        return new LegacyFunctions(told).row(row);
    }

    private Map<String, Object> row(Map<String, Object> row) {
        var modern = new LinkedHashMap<String, Object>(row);
        if (row.get("functions") instanceof List<?> functions && row.get("tools") == null) {
            told.rewritten(Outdated.FUNCTIONS, "/functions", functions);
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
            told.rewritten(Outdated.FUNCTION_CALL, at + "/function_call", call);
            String id = "call_" + ++calls;
            ids.put(name, id);
            var modern = copy(message, "function_call", "tool_calls");
            var made = new LinkedHashMap<String, Object>();
            made.put("id", id);
            made.put("type", "function");
            made.put("function", call);
            modern.put("tool_calls", List.of(made));
            return modern;
        }
        if ("function".equals(message.get("role")) && message.get("name") instanceof String name) {
            told.rewritten(Outdated.FUNCTION_ROLE, at + "/role", message);
            var modern = copy(message);
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
}
