package dev.attune.dataset.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages that end with the user, and keys that a grader reads as {@code {{item.KEY}}}. An example with an answer is written
 * with the answer's text as {@value #REFERENCE_ANSWER}.
 */
final class ReinforcementFormat implements ExampleReader, ExampleWriter {
    private static final String REFERENCE_ANSWER = "reference_answer";
    private static final String TITLE = TargetFormat.REINFORCEMENT.title();

    @Override
    public @Nullable Example read(Map<String, Object> row, Trace trace) {
        List<Map<String, Object>> messages = Messages.read(trace.take(row, "messages"), "/messages", trace);
        Map<String, Object> settings = Messages.settings(row, trace);
        var reference = new LinkedHashMap<String, Object>();
        for (String key : row.keySet()) {
            if (!trace.isUsed(key)) {
                reference.put(key, trace.take(row, key));
            }
        }
        if (!trace.failed()) {
            endsWithUser(messages, trace);
        }
        return trace.failed() ? null : new Example.Reinforcement(messages, settings, reference);
    }

    static void endsWithUser(List<Map<String, Object>> messages, Trace trace) {
        if (!Messages.isRole(messages.getLast(), "user")) {
            trace.error("last_message_not_user", "/messages/" + (messages.size() - 1),
                    "the messages must end with the user, so that the model has something to answer; the last is of the role '"
                            + messages.getLast().get("role") + "'",
                    messages.getLast());
        }
    }

    @Override
    public @Nullable Map<String, Object> write(Example example, Trace trace) {
        if (example instanceof Example.Reinforcement reinforcement) {
            Map<String, Object> row = ChatFormat.row(reinforcement.messages(), reinforcement.settings());
            row.putAll(reinforcement.reference());
            return row;
        }
        Example.Supervised chat = ExampleWriter.supervised(example, TITLE, trace);
        if (chat == null) {
            return null;
        }
        List<Map<String, Object>> messages = chat.messages();
        Map<String, Object> answer = messages.getLast();
        if (messages.size() < 2 || !Messages.isRole(answer, "assistant")) {
            trace.error("no_answer", "/messages", "the row does not end with an answer to grade against", answer);
            return null;
        }
        String text = Messages.text(answer, "/messages/" + (messages.size() - 1), TITLE, trace);
        var before = new ArrayList<Map<String, Object>>();
        messages.subList(0, messages.size() - 1).forEach(message -> before.add(withoutWeight(message, trace)));
        endsWithUser(before, trace);
        if (text == null || trace.failed()) {
            return null;
        }
        for (String key : answer.keySet()) {
            if (!key.equals("role") && !key.equals("content")) {
                trace.dropped("messages[]." + key, "a reference answer is a text");
            }
        }
        trace.mapped("the last answer", REFERENCE_ANSWER);
        Map<String, Object> row = ChatFormat.row(before, chat.settings());
        row.put(REFERENCE_ANSWER, text);
        return row;
    }

    private static Map<String, Object> withoutWeight(Map<String, Object> message, Trace trace) {
        if (!message.containsKey("weight")) {
            return message;
        }
        trace.dropped("messages[].weight", "in reinforcement no message of a row is trained");
        var copy = new LinkedHashMap<>(message);
        copy.remove("weight");
        return copy;
    }
}
