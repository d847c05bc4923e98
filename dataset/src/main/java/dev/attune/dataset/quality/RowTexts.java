package dev.attune.dataset.quality;

import dev.attune.dataset.Row;
import dev.attune.text.Message;
import dev.attune.text.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A row as the checks see it: its texts with their pointers, and what several checks ask of it, worked out once. */
final class RowTexts {
    private final Row row;
    private final List<Piece> pieces = new ArrayList<>();
    private final String answer;
    private final int answerAt;
    private final String question;
    private final int questionAt;

    RowTexts(Row row) {
        this.row = row;
        List<Message> messages = row.conversation().messages();
        int lastAnswer = -1;
        int lastQuestion = -1;
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            content(i, message);
            if (message instanceof Message.Assistant assistant) {
                lastAnswer = assistant.content().isBlank() || assistant.weight() == 0 ? lastAnswer : i;
                for (int call = 0; call < assistant.toolCalls().size(); call++) {
                    ToolCall made = assistant.toolCalls().get(call);
                    add("/messages/" + i + "/tool_calls/" + call + "/function/arguments", "arguments",
                            made.arguments());
                }
            }
        }
        for (int i = 0; i < lastAnswer; i++) {
            lastQuestion = messages.get(i) instanceof Message.User ? i : lastQuestion;
        }
        questionAt = lastQuestion;
        answerAt = lastAnswer;
        answer = lastAnswer < 0 ? "" : messages.get(lastAnswer).content();
        question = lastQuestion < 0 ? "" : messages.get(lastQuestion).content();
    }

    private void content(int at, Message message) {
        String pointer = "/messages/" + at + "/content";
        if (row.raw().get("messages") instanceof List<?> raw && at < raw.size()
                && raw.get(at) instanceof Map<?, ?> object && object.get("content") instanceof List<?> parts) {
            for (int i = 0; i < parts.size(); i++) {
                if (parts.get(i) instanceof Map<?, ?> part && part.get("text") instanceof String text) {
                    add(pointer + "/" + i + "/text", message.role(), text);
                }
            }
        } else {
            add(pointer, message.role(), message.content());
        }
    }

    private void add(String pointer, String role, String text) {
        if (!text.isEmpty()) {
            pieces.add(new Piece(pointer, role, text, TextSigns.of(text)));
        }
    }

    Row row() {
        return row;
    }

    int line() {
        return row.line();
    }

    /** All texts in order: contents and the arguments of calls, whose role is {@code arguments}. */
    List<Piece> pieces() {
        return pieces;
    }

    /** The last trained text of the assistant; empty where it only calls tools. */
    String answer() {
        return answer;
    }

    String answerPointer() {
        return "/messages/" + Math.max(0, answerAt) + "/content";
    }

    /** The last text of the user before that answer; empty where there is none. */
    String question() {
        return question;
    }

    String questionPointer() {
        return "/messages/" + Math.max(0, questionAt) + "/content";
    }
}
