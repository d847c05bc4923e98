package dev.attune.server.chat;

import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Fields;
import dev.attune.server.protocol.UnknownKeys;
import dev.attune.text.Message;
import dev.attune.text.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The messages of a chat request, read into turns; what is wrong is named by its place, {@code messages[2].content}. */
final class ChatMessages {
    private static final Set<String> KEYS = Set.of("role", "content", "name");
    private static final Set<String> TOOL_KEYS = Set.of("role", "content", "tool_call_id");
    /** Also what answers have, so that one can be sent back as it came. */
    private static final Set<String> ASSISTANT_KEYS = Set.of("role", "content", "name", "tool_calls", "refusal",
            "annotations", "reasoning_content");

    private ChatMessages() {}

    /**
     * @throws ApiException 400, naming the place
     */
    static List<Message> of(Fields body) {
        if (!body.has("messages")) {
            throw body.missing("messages");
        }
        var messages = new ArrayList<Message>();
        for (JsonNode node : body.array("messages")) {
            String at = "messages[" + messages.size() + "]";
            if (!(node instanceof ObjectNode object)) {
                throw invalid(at, "expected an object with 'role' and 'content'");
            }
            Message message = message(new Fields(object, at + "."));
            if (message instanceof Message.Tool && !isAnswerable(messages)) {
                throw ApiException.badRequest("Invalid parameter: messages with role 'tool' must be a response to a"
                        + " preceding message with 'tool_calls'.", at + ".role");
            }
            messages.add(message);
        }
        if (messages.isEmpty()) {
            throw ApiException
                    .badRequest("Invalid 'messages': empty array. Expected an array with minimum length 1, but"
                            + " got an empty array instead.", "messages", "empty_array");
        }
        return messages;
    }

    /** Whether the last message but for answers of tools calls any. */
    private static boolean isAnswerable(List<Message> before) {
        return before.reversed().stream().filter(message -> !(message instanceof Message.Tool)).findFirst()
                .map(last -> last instanceof Message.Assistant assistant && !assistant.toolCalls().isEmpty())
                .orElse(false);
    }

    private static Message message(Fields message) {
        String role = message.required("role");
        UnknownKeys.refuse(message, switch (role) {
            case "assistant" -> ASSISTANT_KEYS;
            case "tool" -> TOOL_KEYS;
            default -> KEYS;
        });
        return switch (role) {
            case "system" -> new Message.System(content(message));
            case "developer" -> new Message.Developer(content(message));
            case "user" -> new Message.User(content(message), message.text("name", ""));
            case "tool" -> new Message.Tool(content(message), message.required("tool_call_id"));
            case "assistant" -> {
                List<ToolCall> calls = toolCalls(message);
                String said = calls.isEmpty() || message.has("content") ? content(message) : "";
                yield new Message.Assistant(said, calls, 1);
            }
            default -> throw ApiException.badRequest("Invalid value: '" + role
                    + "'. Supported values are: 'system', 'developer', 'user', 'assistant', and 'tool'.",
                    message.at() + "role", "invalid_value");
        };
    }

    private static String content(Fields message) {
        if (!message.has("content")) {
            throw message.missing("content");
        }
        JsonNode content = message.value("content");
        if (content.isString()) {
            return content.stringValue();
        }
        if (!content.isArray()) {
            throw message.wrongType("content", "one of a string or array of objects", content);
        }
        var text = new StringBuilder();
        int index = 0;
        for (JsonNode part : message.array("content")) {
            String at = message.at() + "content[" + index++ + "]";
            String type = part.path("type").asString("");
            switch (type) {
                case "text" -> text.append(string(part, "text", at));
                case "refusal" -> text.append(string(part, "refusal", at));
                case "image_url", "input_audio", "file" -> throw ApiException.badRequest("'" + at + "' is of the type '"
                        + type + "', but the models of this server read text only.", at, "unsupported_content");
                default -> throw invalid(at, "expected {\"type\": \"text\", \"text\": …}");
            }
        }
        return text.toString();
    }

    private static String string(JsonNode part, String key, String at) {
        if (!part.path(key).isString()) {
            throw invalid(at, "expected a string under '" + key + "'");
        }
        return part.path(key).stringValue();
    }

    private static List<ToolCall> toolCalls(Fields message) {
        var calls = new ArrayList<ToolCall>();
        for (JsonNode call : message.array("tool_calls")) {
            String at = message.at() + "tool_calls[" + calls.size() + "]";
            JsonNode function = call.path("function");
            if (!function.path("name").isString() || !function.path("arguments").isString()) {
                throw invalid(at, "expected {\"id\": …, \"type\": \"function\", \"function\": {\"name\": …,"
                        + " \"arguments\": …}}");
            }
            calls.add(new ToolCall(call.path("id").asString(""), function.path("name").stringValue(),
                    function.path("arguments").stringValue()));
        }
        return calls;
    }

    private static ApiException invalid(String at, String why) {
        return ApiException.badRequest("Invalid '" + at + "': " + why + ".", at);
    }
}
