package dev.attune.dataset.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What OpenAI wrote before there were tools ({@code functions}, {@code function_call}, the role {@code function}), as tools. */
final class LegacyFunctions {
    private LegacyFunctions() {}

    /** Turns {@code functions} into {@code tools}. */
    static void readTools(Map<String, Object> row, Map<String, Object> settings, Trace trace) {
        Object functions = trace.take(row, "functions");
        if (functions == null) {
            return;
        }
        if (!(functions instanceof List<?> list) || settings.containsKey("tools")) {
            trace.error("deprecated_functions", "/functions",
                    "'functions' must be a list, and not stand beside 'tools'; write 'tools' only", functions);
            return;
        }
        trace.mapped("functions", "tools");
        settings.put("tools", list.stream().map(function -> {
            var tool = new LinkedHashMap<String, Object>();
            tool.put("type", "function");
            tool.put("function", function);
            return tool;
        }).toList());
    }

    /** Turns calls and their answers into tool calls with the ids {@code call_1}, {@code call_2}, …. */
    static List<Map<String, Object>> readMessages(List<Map<String, Object>> messages, Trace trace) {
        if (messages.stream().noneMatch(m -> m.containsKey("function_call") || Messages.isRole(m, "function"))) {
            return messages;
        }
        var modern = new ArrayList<Map<String, Object>>(messages.size());
        int calls = 0;
        for (Map<String, Object> message : messages) {
            var copy = new LinkedHashMap<>(message);
            if (message.containsKey("function_call") && !message.containsKey("tool_calls")) {
                trace.mapped("messages[].function_call", "messages[].tool_calls");
                calls++;
                copy.put("tool_calls", List.of(call("call_" + calls, copy.remove("function_call"))));
            } else if (Messages.isRole(message, "function")) {
                trace.mapped("role 'function'", "role 'tool'");
                copy.put("role", "tool");
                copy.put("tool_call_id", "call_" + calls);
            }
            modern.add(copy);
        }
        return modern;
    }

    private static Map<String, Object> call(String id, @Nullable Object function) {
        var call = new LinkedHashMap<String, Object>();
        call.put("id", id);
        call.put("type", "function");
        call.put("function", function == null ? Map.of() : function);
        return call;
    }
}
