package dev.attune.dataset;

import dev.attune.text.Conversation;
import dev.attune.text.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One training example and the line it was read from. Immutable.
 *
 * @param line line of the file, the first is 1
 * @param raw the line's JSON object; numbers are {@link Integer}, {@link Long}, {@link java.math.BigInteger} or
 *            {@link java.math.BigDecimal}, JSON null is null
 * @param json the exact line, without byte order mark and line end
 * @param rejected the worse answer where the row is a preference pair; the conversation then ends with the better one, and only
 *            these two are trained
 */
public record Row(int line, Conversation conversation, Map<String, Object> raw, String json,
        Optional<Message.Assistant> rejected) {
    public Row {
        raw = Collections.unmodifiableMap(new LinkedHashMap<>(raw));
    }

    /** A row with one answer. */
    public Row(int line, Conversation conversation, Map<String, Object> raw, String json) {
        this(line, conversation, raw, json, Optional.empty());
    }

    /** A preference pair as a row: what was said before the two answers is context. */
    public static Row of(PreferenceRow pair) {
        var messages = new ArrayList<Message>();
        for (Message message : pair.input().messages()) {
            messages.add(message instanceof Message.Assistant said
                    ? new Message.Assistant(said.content(), said.toolCalls(), 0)
                    : message);
        }
        messages.add(pair.preferred());
        Map<String, Object> raw = StrictJson.parse(pair.json()).value() instanceof Map<?, ?> object
                ? named(object)
                : Map.of();
        return new Row(pair.line(), new Conversation(messages, pair.input().tools()), raw, pair.json(),
                Optional.of(pair.nonPreferred()));
    }

    private static Map<String, Object> named(Map<?, ?> object) {
        var named = new LinkedHashMap<String, Object>();
        object.forEach((key, value) -> named.put(String.valueOf(key), value));
        return named;
    }

    /** Everything that is trained on: the conversation, and of a pair the one with the worse answer too. */
    public List<Conversation> conversations() {
        if (rejected.isEmpty()) {
            return List.of(conversation);
        }
        var other = new ArrayList<>(input());
        other.add(rejected.get());
        return List.of(conversation, new Conversation(other, conversation.tools()));
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
