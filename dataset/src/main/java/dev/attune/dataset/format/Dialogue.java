package dev.attune.dataset.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A conversation of plain text in turns, for the formats that can say no more: questions and answers by turns, with
 * instructions above them.
 *
 * @param system the instructions; empty where there are none
 * @param turns at least one; the last is the one that is trained for certain
 */
record Dialogue(String system, List<Turn> turns) {
    record Turn(String user, String assistant) {}

    Turn last() {
        return turns.getLast();
    }

    /** A conversation as such a dialogue; null where it is more, with the reason in the trace. */
    static @Nullable Dialogue of(Example example, String title, Trace trace) {
        Example.Supervised chat = ExampleWriter.supervised(example, title, trace);
        if (chat == null) {
            return null;
        }
        Messages.dropSettings(chat.settings(), title, trace);
        List<Map<String, Object>> messages = chat.messages();
        int start = 0;
        String system = "";
        if (Messages.isRole(messages.getFirst(), "system") || Messages.isRole(messages.getFirst(), "developer")) {
            system = system(messages.getFirst(), title, trace);
            start = 1;
        }
        var turns = new ArrayList<Turn>();
        for (int i = start; i < messages.size(); i += 2) {
            if (!Messages.isRole(messages.get(i), "user") || i + 1 >= messages.size()
                    || !Messages.isRole(messages.get(i + 1), "assistant")) {
                trace.error("not_expressible", "/messages/" + i, title
                        + " has questions and answers by turns, which this conversation is not from here on; choose openai or sharegpt",
                        messages.get(i));
                return null;
            }
            weight(messages.get(i + 1), i + 1, i + 2 == messages.size(), title, trace);
            turns.add(new Turn(said(messages.get(i), i, title, trace), said(messages.get(i + 1), i + 1, title, trace)));
        }
        if (turns.isEmpty() && !trace.failed()) {
            trace.error("no_answer", "/messages", "the row has no question with an answer", messages);
        }
        return trace.failed() ? null : new Dialogue(system, turns);
    }

    /** The only turn of a dialogue; an error where it has several. */
    static @Nullable Dialogue single(Example example, String title, Trace trace) {
        Dialogue dialogue = of(example, title, trace);
        if (dialogue != null && dialogue.turns().size() > 1) {
            trace.error("not_expressible", "/messages", "the conversation has " + dialogue.turns().size()
                    + " answers, and a row of " + title + " has one; choose openai, sharegpt or alpaca", null);
            return null;
        }
        return dialogue;
    }

    private static String system(Map<String, Object> message, String title, Trace trace) {
        if (Messages.isRole(message, "developer")) {
            trace.mapped("role 'developer'", "system text");
        }
        String text = said(message, 0, title, trace);
        if (text.isEmpty()) {
            trace.dropped("empty system message", title + " cannot tell it from none");
        }
        return text;
    }

    private static String said(Map<String, Object> message, int index, String title, Trace trace) {
        if (message.containsKey("name")) {
            trace.dropped("messages[].name", title + " has no place for it");
        }
        String text = Messages.text(message, "/messages/" + index, title, trace);
        return text == null ? "" : text;
    }

    private static void weight(Map<String, Object> message, int index, boolean last, String title, Trace trace) {
        Object weight = message.get("weight");
        if (weight == null) {
            return;
        }
        boolean trained = Integer.valueOf(1).equals(weight);
        if (trained) {
            trace.dropped("messages[].weight 1", "an answer without weight means the same");
        } else if (last) {
            trace.error("not_expressible", "/messages/" + index + "/weight",
                    "the last answer is not trained (weight " + weight + "), which " + title
                            + " cannot say; choose openai or sharegpt",
                    weight);
        } else {
            trace.dropped("messages[].weight 0", title + " cannot say that an earlier answer is only context");
        }
    }
}
