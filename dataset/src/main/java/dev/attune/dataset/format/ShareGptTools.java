package dev.attune.dataset.format;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tools, calls and answers of one ShareGPT row. A call is {@code {"name": …, "arguments": {…}}} as a text. */
final class ShareGptTools {
    private final Trace trace;
    private final Deque<String> open = new ArrayDeque<>();
    private int calls;

    ShareGptTools(Trace trace) {
        this.trace = trace;
    }

    /** Tools as a list, or as the text of one. */
    static List<Object> readTools(Object value, Trace trace) {
        Object tools = value instanceof String text ? JsonValue.parse(text) : value;
        if (!(tools instanceof List<?> list) || !list.stream().allMatch(Map.class::isInstance)) {
            trace.error("invalid_tools", "/tools", "'tools' must be a list of functions, or the JSON text of one",
                    value);
            return List.of();
        }
        trace.mapped("tools", "tools");
        var read = new ArrayList<Object>(list.size());
        for (Object tool : list) {
            if (tool instanceof Map<?, ?> map && map.containsKey("function")) {
                read.add(tool);
            } else {
                var wrapped = new LinkedHashMap<String, Object>();
                wrapped.put("type", "function");
                wrapped.put("function", tool);
                read.add(wrapped);
            }
        }
        return read;
    }

    /** Tools as the text of a list of functions. */
    static String writeTools(Object value, Trace trace) {
        trace.mapped("tools", "tools, as a JSON text");
        if (!(value instanceof List<?> list)) {
            return JsonValue.text(value);
        }
        return JsonValue.text(list.stream()
                .map(tool -> tool instanceof Map<?, ?> map && map.size() == 2 && "function".equals(map.get("type"))
                        && map.get("function") instanceof Map<?, ?> function ? function : tool)
                .toList());
    }

    /** A turn of calls as an assistant message. */
    @Nullable
    Map<String, Object> readCalls(String text, String at) {
        Object value = JsonValue.parse(text);
        List<?> list = value instanceof List<?> several ? several : value == null ? List.of() : List.of(value);
        var toolCalls = new ArrayList<Map<String, Object>>();
        for (Object call : list) {
            if (call instanceof Map<?, ?> map && map.get("name") instanceof String name) {
                toolCalls.add(call(name, map.get("arguments")));
            }
        }
        if (toolCalls.isEmpty() || toolCalls.size() != list.size()) {
            trace.error("invalid_tool_call", at,
                    "a function_call must be the JSON text {\"name\": …, \"arguments\": {…}} or a list of such", text);
            return null;
        }
        var message = new LinkedHashMap<String, Object>();
        message.put("role", "assistant");
        message.put("tool_calls", toolCalls);
        return message;
    }

    private Map<String, Object> call(String name, @Nullable Object arguments) {
        String id = "call_" + ++calls;
        open.add(id);
        var function = new LinkedHashMap<String, Object>();
        function.put("name", name);
        function.put("arguments", switch (arguments) {
            case null -> "{}";
            case String text -> text;
            default -> JsonValue.text(arguments);
        });
        var call = new LinkedHashMap<String, Object>();
        call.put("id", id);
        call.put("type", "function");
        call.put("function", function);
        return call;
    }

    /** An observation as the answer to the first call that has none. */
    @Nullable
    Map<String, Object> readAnswer(String text, String at) {
        String id = open.poll();
        if (id == null) {
            trace.error("tool_without_call", at, "the observation answers no function_call before it", text);
            return null;
        }
        var message = new LinkedHashMap<String, Object>();
        message.put("role", "tool");
        message.put("tool_call_id", id);
        message.put("content", text);
        return message;
    }

    /** The calls of an assistant message as the text of a turn; null with an error. */
    @Nullable
    String writeCalls(Map<String, Object> message, String at) {
        Object content = message.get("content");
        if (content != null && !"".equals(content)) {
            trace.error("not_expressible", at,
                    "an answer with text and tool calls in one turn cannot be written as ShareGPT; choose openai",
                    message);
            return null;
        }
        var written = new ArrayList<Map<String, Object>>();
        List<?> list = message.get("tool_calls") instanceof List<?> given ? given : List.of();
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) instanceof Map<?, ?> call && call.get("function") instanceof Map<?, ?> function
                    && function.get("name") instanceof String name
                    && function.get("arguments") instanceof String arguments) {
                id(String.valueOf(call.get("id")));
                written.add(call(name, arguments, at));
            } else {
                trace.error("invalid_tool_call", at + "/tool_calls/" + i,
                        "a tool call needs an id and a function with 'name' and 'arguments'", list.get(i));
            }
        }
        if (written.isEmpty() && !trace.failed()) {
            trace.error("invalid_tool_call", at + "/tool_calls", "'tool_calls' must be a list of calls", message);
        }
        return trace.failed() ? null : JsonValue.text(written.size() == 1 ? written.getFirst() : written);
    }

    private Map<String, Object> call(String name, String arguments, String at) {
        Object value = JsonValue.parse(arguments);
        if (!(value instanceof Map<?, ?>)) {
            trace.error("invalid_tool_call", at, "the arguments of '" + name + "' are no JSON object", arguments);
        } else if (!JsonValue.text(value).equals(arguments)) {
            trace.mapped("arguments of a call", "the same JSON, spaced otherwise");
        }
        var call = new LinkedHashMap<String, Object>();
        call.put("name", name);
        call.put("arguments", value == null ? Map.of() : value);
        return call;
    }

    private void id(String id) {
        open.add(id);
        if (!id.equals("call_" + ++calls)) {
            trace.dropped("tool_calls[].id", "ShareGPT calls have no ids; they are paired by their order");
        }
    }

    /** Makes sure that an answer comes in the order of its call. */
    void writeAnswer(Map<String, Object> message, String at) {
        String id = open.poll();
        if (id == null || !id.equals(message.get("tool_call_id"))) {
            trace.error("not_expressible", at,
                    "the answers to tool calls do not come in the order of the calls, which is all that pairs them in ShareGPT; choose openai",
                    message);
        }
    }
}
