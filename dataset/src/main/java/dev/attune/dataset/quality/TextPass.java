package dev.attune.dataset.quality;

import dev.attune.dataset.quality.JsonSpan.Sequence;
import dev.attune.dataset.quality.JsonSpan.Structure;
import dev.attune.dataset.quality.JsonSpan.Text;
import java.util.List;
import java.util.Optional;

/** Puts the texts of a row through the chosen repairs, again and again until none changes anything. */
final class TextPass {
    /** Each repair makes a text smaller or better, so a few rounds are enough; this only guards against a fault in one. */
    private static final int MOST_ROUNDS = 50;

    /** Where a row has messages: a chat row, or a preference pair. */
    private static final List<String> MESSAGES = List.of("/messages", "/input/messages", "/preferred_output",
            "/non_preferred_output");

    private final List<TextRepair> repairs;
    private final Pseudonyms pseudonyms;

    TextPass(List<TextRepair> repairs, Pseudonyms pseudonyms) {
        this.repairs = repairs;
        this.pseudonyms = pseudonyms;
    }

    String repaired(int number, String line, ChangeLog log) {
        Optional<JsonSpan> parsed = JsonSpan.parse(line);
        if (parsed.isEmpty() || !(parsed.get() instanceof Structure row)) {
            return line;
        }
        var edit = new LineEdit(line);
        for (String at : MESSAGES) {
            if (row.at(at).orElse(null) instanceof Sequence messages) {
                messages(number, at, messages, edit, log);
            }
        }
        return edit.result();
    }

    private void messages(int number, String at, Sequence messages, LineEdit edit, ChangeLog log) {
        for (int i = 0; i < messages.elements().size(); i++) {
            if (messages.elements().get(i) instanceof Structure message) {
                message(number, at + "/" + i, message, edit, log);
            }
        }
    }

    private void message(int number, String at, Structure message, LineEdit edit, ChangeLog log) {
        String role = message.get("role").orElse(null) instanceof Text text ? text.value() : "";
        switch (message.get("content").orElse(null)) {
            case Text text -> text(number, at + "/content", role, text, edit, log);
            case Sequence parts -> {
                for (int i = 0; i < parts.elements().size(); i++) {
                    if (parts.elements().get(i) instanceof Structure part
                            && part.get("text").orElse(null) instanceof Text text) {
                        text(number, at + "/content/" + i + "/text", role, text, edit, log);
                    }
                }
            }
            case null, default -> {
                // null, or something that the reader refuses
            }
        }
        if (message.get("tool_calls").orElse(null) instanceof Sequence calls) {
            for (int i = 0; i < calls.elements().size(); i++) {
                String pointer = "/function/arguments";
                if (calls.elements().get(i).at(pointer).orElse(null) instanceof Text text) {
                    text(number, at + "/tool_calls/" + i + pointer, "arguments", text, edit, log);
                }
            }
        }
    }

    private void text(int number, String pointer, String role, Text text, LineEdit edit, ChangeLog log) {
        String value = text.value();
        for (int round = 0; round < MOST_ROUNDS; round++) {
            String before = value;
            for (TextRepair repair : repairs) {
                String next = repair.repaired(new Piece(pointer, role, value, TextSigns.of(value)));
                value = logged(repair.kind(), number, pointer, value, next, log);
            }
            for (SensitiveData data : pseudonyms.masked()) {
                value = logged(data.kind(), number, pointer, value, pseudonyms.replaced(data, value), log);
            }
            if (value.equals(before)) {
                break;
            }
        }
        if (!value.equals(text.value())) {
            edit.replace(text, value);
        }
    }

    private static String logged(CheckKind kind, int number, String pointer, String value, String next, ChangeLog log) {
        if (!next.equals(value)) {
            log.changed(kind.code(), number, pointer, value, next);
        }
        return next;
    }
}
