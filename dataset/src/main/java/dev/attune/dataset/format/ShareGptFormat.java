package dev.attune.dataset.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * ShareGPT: {@code conversations} of {@code from} and {@code value}, with {@code system}, {@code tools},
 * {@code function_call} and {@code observation} as LLaMA-Factory has them and {@code weight} as Axolotl has it. Calls have
 * no ids there, so they are called {@code call_1}, {@code call_2}, … in the order in which they stand, and the observations
 * after them answer them in that order.
 */
final class ShareGptFormat implements ExampleReader, ExampleWriter {
    private static final String TITLE = TargetFormat.SHAREGPT.title();
    private static final Map<String, String> ROLES = Map.ofEntries(Map.entry("human", "user"),
            Map.entry("user", "user"),
            Map.entry("gpt", "assistant"), Map.entry("assistant", "assistant"), Map.entry("chatgpt", "assistant"),
            Map.entry("model", "assistant"), Map.entry("bot", "assistant"), Map.entry("bing", "assistant"),
            Map.entry("bard", "assistant"), Map.entry("system", "system"), Map.entry("function_call", "call"),
            Map.entry("tool_call", "call"), Map.entry("observation", "tool"), Map.entry("tool", "tool"),
            Map.entry("tool_response", "tool"), Map.entry("function_response", "tool"));

    @Override
    public @Nullable Example read(Map<String, Object> row, Trace trace) {
        var messages = new ArrayList<Map<String, Object>>();
        Messages.addSystem(messages, row, trace);
        messages.addAll(messages(trace.take(row, "conversations"), "/conversations", trace));
        var settings = new LinkedHashMap<String, Object>();
        Object tools = trace.take(row, "tools");
        if (tools != null && !"".equals(tools) && !"[]".equals(tools)) {
            List<Object> read = ShareGptTools.readTools(tools, trace);
            if (!read.isEmpty()) {
                settings.put("tools", read);
            }
        }
        return trace.failed() ? null : new Example.Supervised(messages, settings);
    }

    /** The messages of a list of turns. */
    static List<Map<String, Object>> messages(@Nullable Object value, String at, Trace trace) {
        if (!(value instanceof List<?> turns) || turns.isEmpty()) {
            trace.error("missing_messages_list", at,
                    "'" + at.substring(1) + "' must be a list with at least one turn in it", value);
            return List.of();
        }
        var messages = new ArrayList<Map<String, Object>>(turns.size());
        var tools = new ShareGptTools(trace);
        for (int i = 0; i < turns.size(); i++) {
            String here = at + "/" + i;
            if (!(turns.get(i) instanceof Map<?, ?> turn)) {
                trace.error("data_type", here, "a turn must be an object with 'from' and 'value'", turns.get(i));
                continue;
            }
            Map<String, Object> message = message(turn, here, tools, trace);
            if (message != null) {
                weight(turn, here, message, trace);
                messages.add(message);
            }
        }
        return messages;
    }

    private static @Nullable Map<String, Object> message(Map<?, ?> turn, String at, ShareGptTools tools, Trace trace) {
        String fromKey = turn.containsKey("from") ? "from" : "role";
        String valueKey = turn.containsKey("value") ? "value" : "content";
        Object from = turn.get(fromKey);
        String role = from instanceof String name ? ROLES.get(name) : null;
        if (role == null) {
            trace.error("unrecognized_role", Trace.pointer(at, fromKey), from == null
                    ? "the turn has no 'from'; say who speaks: human, gpt or system"
                    : "the speaker " + JsonValue.text(from)
                            + " is unknown; speakers are human, gpt, system, function_call and observation",
                    turn);
            return null;
        }
        if (!(turn.get(valueKey) instanceof String text)) {
            trace.error("missing_content", Trace.pointer(at, valueKey), "'" + valueKey + "' of a turn must be a text",
                    turn);
            return null;
        }
        for (Object key : turn.keySet()) {
            if (!key.equals(fromKey) && !key.equals(valueKey) && !key.equals("weight")) {
                trace.dropped("conversations[]." + key, "no message of a training file has this key");
            }
        }
        trace.mapped("from '" + from + "'", role.equals("call") ? "tool_calls" : "role '" + role + "'");
        return switch (role) {
            case "call" -> tools.readCalls(text, Trace.pointer(at, valueKey));
            case "tool" -> tools.readAnswer(text, at);
            default -> Messages.of(role, text);
        };
    }

    private static void weight(Map<?, ?> turn, String at, Map<String, Object> message, Trace trace) {
        Object weight = turn.get("weight");
        if (weight == null) {
            return;
        }
        if (Messages.isRole(message, "assistant")) {
            message.put("weight", weight);
        } else if (Integer.valueOf(0).equals(weight)) {
            trace.dropped("conversations[].weight 0", "only answers are trained, so it says nothing here");
        } else {
            trace.error("weight_not_on_assistant", at + "/weight",
                    "'weight' stands on a turn that is no answer; only answers are trained", turn);
        }
    }

    @Override
    public @Nullable Map<String, Object> write(Example example, Trace trace) {
        Example.Supervised chat = ExampleWriter.supervised(example, TITLE, trace);
        if (chat == null) {
            return null;
        }
        var turns = new ArrayList<Map<String, Object>>(chat.messages().size());
        var tools = new ShareGptTools(trace);
        for (int i = 0; i < chat.messages().size(); i++) {
            turn(chat.messages().get(i), "/messages/" + i, tools, trace, turns);
        }
        var row = new LinkedHashMap<String, Object>();
        row.put("conversations", turns);
        chat.settings().forEach((key, value) -> {
            if (key.equals("tools")) {
                row.put("tools", ShareGptTools.writeTools(value, trace));
            } else {
                trace.dropped(key, TITLE + " has no place for it");
            }
        });
        return trace.failed() ? null : row;
    }

    private static void turn(Map<String, Object> message, String at, ShareGptTools tools, Trace trace,
            List<Map<String, Object>> turns) {
        if (message.containsKey("name")) {
            trace.dropped("messages[].name", TITLE + " has no place for it");
        }
        String role = String.valueOf(message.get("role"));
        String from = switch (role) {
            case "user" -> "human";
            case "system", "developer" -> "system";
            case "tool" -> "observation";
            default -> message.containsKey("tool_calls") ? "function_call" : "gpt";
        };
        String text = from.equals("function_call")
                ? tools.writeCalls(message, at)
                : Messages.text(message, at, TITLE, trace);
        if (from.equals("observation")) {
            tools.writeAnswer(message, at);
        }
        if (text == null) {
            return;
        }
        trace.mapped(from.equals("function_call") ? "tool_calls" : "role '" + role + "'", "from '" + from + "'");
        var turn = new LinkedHashMap<String, Object>();
        turn.put("from", from);
        turn.put("value", text);
        if (message.containsKey("weight")) {
            turn.put("weight", message.get("weight"));
        }
        turns.add(turn);
    }
}
