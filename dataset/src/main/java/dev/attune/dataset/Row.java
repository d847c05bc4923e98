package dev.attune.dataset;

import dev.attune.text.Conversation;
import dev.attune.text.Message;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One training example and the line it was read from. Immutable.
 *
 * @param line line of the file, the first is 1
 * @param raw the line's JSON object; numbers are {@link Integer}, {@link Long}, {@link java.math.BigInteger} or
 *            {@link java.math.BigDecimal}, JSON null is null
 * @param json the exact line, without byte order mark and line end
 */
public record Row(int line, Conversation conversation, Map<String, Object> raw, String json) {
    public Row {
        raw = Collections.unmodifiableMap(new LinkedHashMap<>(raw));
    }

    /** The messages before the last assistant turn: what the model is asked. */
    public List<Message> input() {
        int end = lastAssistant();
        return end < 0 ? conversation.messages() : conversation.messages().subList(0, end);
    }

    /** The text of the last assistant turn, its tool calls as {@code name(arguments)}: what the model should say. */
    public String output() {
        int at = lastAssistant();
        if (at < 0 || !(conversation.messages().get(at) instanceof Message.Assistant assistant)) {
            return "";
        }
        if (assistant.toolCalls().isEmpty()) {
            return assistant.content();
        }
        String calls = assistant.toolCalls().stream()
                .map(call -> call.name() + "(" + call.arguments() + ")")
                .collect(Collectors.joining("\n"));
        return assistant.content().isEmpty() ? calls : assistant.content() + "\n" + calls;
    }

    private int lastAssistant() {
        List<Message> messages = conversation.messages();
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i) instanceof Message.Assistant) {
                return i;
            }
        }
        return -1;
    }
}
