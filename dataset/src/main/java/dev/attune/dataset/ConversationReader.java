package dev.attune.dataset;

import dev.attune.text.Conversation;
import dev.attune.text.Message;
import dev.attune.text.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A row of OpenAI's chat format as a {@link Conversation}: which keys there are and what stands in them. Everything wrong
 * is found, not only the first. Text parts of a message are joined with a line feed.
 */
final class ConversationReader {
    static final Set<String> ROW_KEYS = Set.of("messages", "tools", "parallel_tool_calls", "functions");
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool");
    private static final Map<String, Set<String>> KEYS = Map.of(
            "system", Set.of("role", "content", "name"),
            "developer", Set.of("role", "content", "name"),
            "user", Set.of("role", "content", "name"),
            "assistant", Set.of("role", "content", "name", "weight", "tool_calls", "function_call", "refusal", "audio"),
            "tool", Set.of("role", "content", "name", "tool_call_id"));

    private final RowRules rules;
    private final Findings findings;

    private ConversationReader(RowRules rules, Findings findings) {
        this.rules = rules;
        this.findings = findings;
    }

    /** The conversation of a row by Attune's own rules, or nothing where the row has an error. */
    static Optional<Conversation> read(Map<String, Object> row, Findings findings) {
        return read(row, RowRules.ATTUNE, findings);
    }

    /** The conversation of a row, or nothing where the row has an error; what is wrong goes to {@code findings}. */
    static Optional<Conversation> read(Map<String, Object> row, RowRules rules, Findings findings) {
        var reader = new ConversationReader(rules, findings);
        return reader.row(rules.legacyFunctions()
                ? LegacyFunctions.modern(row, (what, pointer, evidence) -> what.warn(findings, pointer, evidence))
                : row);
    }

    private Optional<Conversation> row(Map<String, Object> row) {
        if (RowFormat.isReinforcement(row)) {
            findings.error("unexpected_format", "/messages",
                    "this is a reinforcement row: it ends with a question and has keys for a grader; supervised tuning needs the answer as the last message",
                    row.get("messages"));
            return Optional.empty();
        }
        for (String key : row.keySet()) {
            if (!ROW_KEYS.contains(key)) {
                extraKey(key, row.get(key));
            }
        }
        List<Map<String, Object>> tools = ToolRules.tools(row, findings);
        List<Message> messages = messages(row.get("messages"));
        if (findings.isUnreadable()) {
            return Optional.empty();
        }
        var conversation = new Conversation(messages, tools);
        ToolRules.check(conversation, findings);
        return findings.isUnreadable() ? Optional.empty() : Optional.of(conversation);
    }

    private void extraKey(String key, @Nullable Object value) {
        if (rules.extraKeys()) {
            findings.warning("example_unrecognized_key", pointer("", key), "the key '" + key
                    + "' is not used in training, and OpenAI refuses it" + KeySuggestion.of(key, ROW_KEYS, ""), value);
        } else {
            findings.error("example_unrecognized_key", pointer("", key),
                    "the example contains an extra \"" + key + "\""
                            + KeySuggestion.of(key, ROW_KEYS, "; remove the key"),
                    value);
        }
    }

    private List<Message> messages(@Nullable Object value) {
        if (!(value instanceof List<?> list) || list.isEmpty()) {
            findings.error("missing_messages_list", "/messages",
                    "'messages' must be a list with at least one message in it", value);
            return List.of();
        }
        var messages = new ArrayList<Message>(list.size());
        for (int i = 0; i < list.size(); i++) {
            message("/messages/" + i, list.get(i)).ifPresent(messages::add);
        }
        return messages;
    }

    private Optional<Message> message(String at, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            findings.error("data_type", at, "a message must be an object with 'role' and 'content'", value);
            return Optional.empty();
        }
        Object role = map.get("role");
        if (role == null) {
            findings.error("message_missing_key", at,
                    "the message has no 'role'; say who speaks: system, user or assistant",
                    value);
            return Optional.empty();
        }
        if ("function".equals(role)) {
            findings.error("unrecognized_role", at + "/role",
                    "the role 'function' is outdated; write 'tool' with a 'tool_call_id', and 'tool_calls' on the assistant turn before it",
                    role);
            return Optional.empty();
        }
        if (!(role instanceof String name) || !ROLES.contains(name)) {
            findings.error("unrecognized_role", at + "/role", "the role " + JsonText.of(role)
                    + " is unknown; roles are system, developer, user, assistant and tool", role);
            return Optional.empty();
        }
        keys(at, map, name);
        return Optional.of(switch (name) {
            case "system" -> new Message.System(required(at, map, name));
            case "developer" -> new Message.Developer(required(at, map, name));
            case "user" -> new Message.User(required(at, map, name), optionalText(at, map, "name"));
            case "tool" -> new Message.Tool(required(at, map, name), toolCallId(at, map));
            default -> assistant(at, map);
        });
    }

    private void keys(String at, Map<?, ?> message, String role) {
        Set<String> known = KEYS.getOrDefault(role, Set.of());
        for (Object key : message.keySet()) {
            String name = String.valueOf(key);
            if (known.contains(name)) {
                continue;
            }
            if (name.equals("weight")) {
                findings.error("weight_not_on_assistant", at + "/weight",
                        "'weight' stands on a message of the role '" + role + "'; only assistant messages are trained",
                        message.get(key));
            } else if (KEYS.getOrDefault("assistant", Set.of()).contains(name) || name.equals("tool_call_id")) {
                findings.error("message_unrecognized_key", pointer(at, name),
                        "'" + name + "' does not belong on a message of the role '" + role + "'", message.get(key));
            } else {
                findings.error("message_unrecognized_key", pointer(at, name),
                        "the key '" + name + "' is unknown in a message" + KeySuggestion.of(name, known, "; remove it"),
                        message.get(key));
            }
        }
        if (role.equals("assistant")) {
            if (message.get("function_call") != null) {
                findings.error("deprecated_function_call", at + "/function_call",
                        "'function_call' is outdated; write 'tool_calls' with an id for each call",
                        message.get("function_call"));
            }
            if (message.get("refusal") != null) {
                findings.error("unsupported_refusal", at + "/refusal",
                        "'refusal' is not trained; put the words of the refusal into 'content'",
                        message.get("refusal"));
            }
            if (message.get("audio") != null) {
                findings.error("unsupported_audio", at + "/audio", "audio is not supported in training",
                        message.get("audio"));
            }
        }
        if (!role.equals("user")) {
            optionalText(at, message, "name");
        }
    }

    private Message assistant(String at, Map<?, ?> message) {
        List<ToolCall> calls = ToolRules.calls(at, message.get("tool_calls"), message.containsKey("tool_calls"),
                findings);
        boolean silent = message.get("content") == null;
        boolean calling = message.get("tool_calls") != null || message.get("function_call") != null;
        String content = silent && calling ? "" : required(at, message, "assistant");
        return new Message.Assistant(content, calls, weight(at, message));
    }

    private int weight(String at, Map<?, ?> message) {
        if (!message.containsKey("weight")) {
            return 1;
        }
        Object weight = message.get("weight");
        if (Integer.valueOf(0).equals(weight) || Integer.valueOf(1).equals(weight)) {
            return (Integer) weight;
        }
        findings.error("invalid_weight", at + "/weight",
                "'weight' must be 0 (only context) or 1 (trained), not " + JsonText.of(weight), weight);
        return 1;
    }

    private String toolCallId(String at, Map<?, ?> message) {
        if (message.get("tool_call_id") instanceof String id && !id.isBlank()) {
            return id;
        }
        findings.error("message_missing_key", at + "/tool_call_id",
                "a tool message needs 'tool_call_id', the id of the call that it answers", message);
        return "";
    }

    private String required(String at, Map<?, ?> message, String role) {
        if (!message.containsKey("content")) {
            findings.error("message_missing_key", at, "the " + role + " message has no 'content'", message);
            return "";
        }
        Object content = message.get("content");
        if (content instanceof String text) {
            return text;
        }
        if (content instanceof List<?> parts && !parts.isEmpty()) {
            return parts(at + "/content", parts, role);
        }
        findings.error("missing_content", at + "/content",
                content == null
                        ? role.equals("assistant")
                                ? "'content' is null, which only an assistant message with 'tool_calls' may have"
                                : "'content' is null; write the text of the message"
                        : "'content' must be a text or a list of text parts",
                message);
        return "";
    }

    private String parts(String at, List<?> parts, String role) {
        var texts = new ArrayList<String>(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            String here = at + "/" + i;
            Object type = parts.get(i) instanceof Map<?, ?> part ? part.get("type") : null;
            if ("text".equals(type) && parts.get(i) instanceof Map<?, ?> part
                    && part.get("text") instanceof String text) {
                texts.add(text);
            } else if ("image_url".equals(type)) {
                image(here, (Map<?, ?>) parts.get(i), role).ifPresent(texts::add);
            } else if ("input_audio".equals(type) || "file".equals(type)) {
                findings.error("unsupported_content_part", here, "input_audio".equals(type)
                        ? "audio is not supported in training; remove the part or the row"
                        : "files are not supported in training; remove the part or the row", parts.get(i));
            } else {
                findings.error("invalid_content_part", here, "a part must be {\"type\":\"text\",\"text\":\"…\"}",
                        parts.get(i));
            }
        }
        return String.join("\n", texts);
    }

    private Optional<String> image(String at, Map<?, ?> part, String role) {
        if (!rules.takesImages()) {
            findings.error("unsupported_content_part", at, rules.imageRefusal(), part);
        } else if (!role.equals("user")) {
            findings.error("image_not_from_user", at, "an image stands in a message of the role '" + role
                    + "', and only user messages may have images; move it or remove it", part);
        } else if (part.get("image_url") instanceof Map<?, ?> image && image.get("url") instanceof String url) {
            return Optional.of(ImageMark.of(url));
        } else {
            findings.error("invalid_content_part", at,
                    "an image part must be {\"type\":\"image_url\",\"image_url\":{\"url\":\"…\"}}", part);
        }
        return Optional.empty();
    }

    private String optionalText(String at, Map<?, ?> message, String key) {
        Object value = message.get(key);
        if (value == null && !message.containsKey(key)) {
            return "";
        }
        if (value instanceof String text) {
            return text;
        }
        findings.error("data_type", pointer(at, key), "'" + key + "' must be a text", value);
        return "";
    }

    /** A pointer one key deeper, escaped as RFC 6901 says. */
    static String pointer(String at, String key) {
        return at + "/" + key.replace("~", "~0").replace("/", "~1");
    }
}
