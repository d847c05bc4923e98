package dev.attune.dataset;

import dev.attune.text.Conversation;
import dev.attune.text.Message;
import dev.attune.text.ToolCall;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a row says about tools: those on offer, the calls of the assistant, and the replies, which must fit together. */
final class ToolRules {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private ToolRules() {}

    /** The tools on offer in a row; those that are not well formed are left out and named. */
    static List<Map<String, Object>> tools(Map<String, Object> row, Findings findings) {
        if (row.get("functions") != null) {
            findings.error("deprecated_functions", "/functions",
                    "'functions' is outdated; write 'tools' as [{\"type\":\"function\",\"function\":{…}}]",
                    row.get("functions"));
        }
        if (row.get("parallel_tool_calls") != null && !(row.get("parallel_tool_calls") instanceof Boolean)) {
            findings.error("data_type", "/parallel_tool_calls", "'parallel_tool_calls' must be true or false",
                    row.get("parallel_tool_calls"));
        }
        Object value = row.get("tools");
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            findings.error("data_type", "/tools", "'tools' must be a list", value);
            return List.of();
        }
        var tools = new ArrayList<Map<String, Object>>();
        var names = new HashSet<String>();
        for (int i = 0; i < list.size(); i++) {
            String at = "/tools/" + i;
            if (list.get(i) instanceof Map<?, ?> tool && "function".equals(tool.get("type"))
                    && tool.get("function") instanceof Map<?, ?> function) {
                if (!names.add(function(at + "/function", function, findings))) {
                    findings.error("duplicate_tool", at + "/function/name", "two tools have the same name",
                            function.get("name"));
                }
                @SuppressWarnings("unchecked")
                var object = (Map<String, Object>) tool;
                tools.add(object);
            } else {
                findings.error("invalid_tool", at, "a tool must be {\"type\":\"function\",\"function\":{\"name\":…}}",
                        list.get(i));
            }
        }
        return tools;
    }

    private static String function(String at, Map<?, ?> function, Findings findings) {
        if (function.get("parameters") != null && !(function.get("parameters") instanceof Map<?, ?>)) {
            findings.error("invalid_tool", at + "/parameters", "'parameters' must be a JSON Schema object",
                    function.get("parameters"));
        }
        if (function.get("description") != null && !(function.get("description") instanceof String)) {
            findings.error("invalid_tool", at + "/description", "'description' must be a text",
                    function.get("description"));
        }
        return name(at, function, findings);
    }

    private static String name(String at, Map<?, ?> function, Findings findings) {
        if (function.get("name") instanceof String name && NAME.matcher(name).matches()) {
            return name;
        }
        findings.error("invalid_tool_name", at + "/name",
                "a function needs a name of 1 to 64 letters, digits, underscores or hyphens", function.get("name"));
        return "";
    }

    /** The calls of an assistant message; {@code present} tells a key with null from no key. */
    static List<ToolCall> calls(String at, @Nullable Object value, boolean present, Findings findings) {
        if (value == null) {
            return List.of();
        }
        if (!present || !(value instanceof List<?> list) || list.isEmpty()) {
            findings.error("invalid_tool_calls", at + "/tool_calls",
                    "'tool_calls' must be a list with at least one call in it; leave the key out where there is none",
                    value);
            return List.of();
        }
        var calls = new ArrayList<ToolCall>();
        for (int i = 0; i < list.size(); i++) {
            call(at + "/tool_calls/" + i, list.get(i), calls, findings);
        }
        return calls;
    }

    private static void call(String at, @Nullable Object value, List<ToolCall> calls, Findings findings) {
        if (!(value instanceof Map<?, ?> call) || !(call.get("function") instanceof Map<?, ?> function)) {
            findings.error("invalid_tool_calls", at,
                    "a call must be {\"id\":…,\"type\":\"function\",\"function\":{\"name\":…,\"arguments\":\"…\"}}",
                    value);
            return;
        }
        if (!"function".equals(call.get("type"))) {
            findings.error("invalid_tool_calls", at + "/type", "the type of a call must be \"function\"",
                    call.get("type"));
        }
        String id = call.get("id") instanceof String text && !text.isBlank() ? text : "";
        if (id.isEmpty()) {
            findings.error("invalid_tool_calls", at + "/id", "a call needs an 'id' that its reply can name", value);
        }
        String name = name(at + "/function", function, findings);
        calls.add(new ToolCall(id, name, arguments(at + "/function/arguments", function.get("arguments"), findings)));
    }

    private static String arguments(String at, @Nullable Object value, Findings findings) {
        if (!(value instanceof String text)) {
            findings.error("invalid_tool_arguments", at,
                    "'arguments' must be JSON as text, such as \"{\\\"city\\\":\\\"Paris\\\"}\"", value);
            return "{}";
        }
        var parsed = StrictJson.parse(text);
        if (!parsed.readable() || !(parsed.value() instanceof Map<?, ?>)) {
            String reason = parsed.faults().isEmpty() ? "it is no JSON object" : parsed.faults().getLast().message();
            findings.error("invalid_tool_arguments", at, "'arguments' is not a JSON object: " + reason, text);
        } else if (!parsed.faults().isEmpty()) {
            findings.error("invalid_tool_arguments", at,
                    "'arguments' is faulty: " + parsed.faults().getFirst().message(),
                    text);
        }
        return text;
    }

    /** Whether calls name tools on offer, and replies name calls. */
    static void check(Conversation conversation, Findings findings) {
        Map<String, Map<?, ?>> offered = new LinkedHashMap<>();
        for (Map<String, Object> tool : conversation.tools()) {
            if (tool.get("function") instanceof Map<?, ?> function) {
                offered.put(String.valueOf(function.get("name")),
                        function.get("parameters") instanceof Map<?, ?> parameters ? parameters : Map.of());
            }
        }
        Set<String> known = new HashSet<>();
        Set<String> open = new HashSet<>();
        List<Message> messages = conversation.messages();
        for (int i = 0; i < messages.size(); i++) {
            String at = "/messages/" + i;
            Message message = messages.get(i);
            if (message instanceof Message.Tool reply) {
                if (!known.contains(reply.toolCallId())) {
                    findings.error("tool_reply_without_call", at + "/tool_call_id",
                            "no earlier call has the id '" + reply.toolCallId() + "'", reply.toolCallId());
                } else if (!open.remove(reply.toolCallId())) {
                    findings.error("tool_call_answered_twice", at + "/tool_call_id",
                            "the call '" + reply.toolCallId() + "' is answered twice", reply.toolCallId());
                }
                continue;
            }
            if (!open.isEmpty()) {
                findings.warning("tool_call_unanswered", at,
                        "a call before this message has no reply: "
                                + String.join(", ", open.stream().sorted().toList()),
                        null);
                open.clear();
            }
            if (message instanceof Message.Assistant assistant) {
                calls(at, assistant, offered, known, open, findings);
            }
        }
    }

    private static void calls(String at, Message.Assistant assistant, Map<String, Map<?, ?>> offered, Set<String> known,
            Set<String> open, Findings findings) {
        for (int i = 0; i < assistant.toolCalls().size(); i++) {
            ToolCall call = assistant.toolCalls().get(i);
            String here = at + "/tool_calls/" + i;
            if (!known.add(call.id())) {
                findings.error("duplicate_tool_call_id", here + "/id", "the id '" + call.id() + "' stands on two calls",
                        call.id());
            }
            open.add(call.id());
            if (offered.isEmpty()) {
                findings.warning("tool_call_without_tools", here + "/function/name",
                        "the row calls '" + call.name()
                                + "' but has no 'tools'; the model will not see what it may call",
                        call.name());
            } else if (!offered.containsKey(call.name())) {
                findings.error("tool_call_unknown_tool", here + "/function/name",
                        "'" + call.name() + "' is not among the row's 'tools'"
                                + KeySuggestion.of(call.name(), offered.keySet(), ""),
                        call.name());
            } else {
                ArgumentSchema.check(offered.get(call.name()), StrictJson.parse(call.arguments()).value())
                        .ifPresent(wrong -> findings.warning("tool_arguments_mismatch", here + "/function/arguments",
                                "the arguments are not what '" + call.name() + "' takes: "
                                        + (wrong.pointer().isEmpty() ? "the object" : wrong.pointer()) + " "
                                        + wrong.message() + "; mend the call or the tool's 'parameters'",
                                call.arguments()));
            }
        }
    }
}
