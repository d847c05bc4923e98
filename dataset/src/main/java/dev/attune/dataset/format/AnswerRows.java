package dev.attune.dataset.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One row for each answer of a conversation, as {@link Turns#EACH_ANSWER} says. */
final class AnswerRows {
    private AnswerRows() {}

    static List<Example> of(Example example, Turns turns, Trace trace) {
        if (turns == Turns.WHOLE || !(example instanceof Example.Supervised chat)) {
            return List.of(example);
        }
        List<Integer> trained = new ArrayList<>();
        for (int i = 0; i < chat.messages().size(); i++) {
            if (isTrained(chat.messages().get(i))) {
                trained.add(i);
            }
        }
        if (trained.isEmpty()) {
            return List.of(example);
        }
        if (trained.getLast() < chat.messages().size() - 1) {
            trace.dropped("messages after the last trained answer", "nothing after it is trained");
        }
        if (trained.size() > 1) {
            trace.mapped("a conversation with several answers",
                    "one row for each answer, with weight 0 on the answers before it");
        }
        return trained.stream()
                .<Example>map(end -> new Example.Supervised(upTo(chat.messages(), end), chat.settings()))
                .toList();
    }

    private static boolean isTrained(Map<String, Object> message) {
        return Messages.isRole(message, "assistant") && !Integer.valueOf(0).equals(message.get("weight"));
    }

    private static List<Map<String, Object>> upTo(List<Map<String, Object>> messages, int end) {
        var row = new ArrayList<Map<String, Object>>(end + 1);
        for (Map<String, Object> message : messages.subList(0, end)) {
            if (isTrained(message)) {
                var context = new LinkedHashMap<>(message);
                context.put("weight", 0);
                row.add(context);
            } else {
                row.add(message);
            }
        }
        row.add(messages.get(end));
        return row;
    }
}
