package dev.attune.dataset.format;

import dev.attune.dataset.Problem;
import dev.attune.dataset.Severity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What happens to one row on its way; it counts only if the row gets through. Not thread-safe. */
final class Trace {
    private final int line;
    private final String at;
    private final List<Step> steps = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> used = new HashSet<>();

    Trace(int line) {
        this(line, "");
    }

    /** @param at JSON pointer to the row in its file, where the file is one JSON value; otherwise empty */
    Trace(int line, String at) {
        this.line = line;
        this.at = at;
    }

    /** @param to what it became, or why it was left out */
    record Step(boolean dropped, String from, String to) {}

    /** A key's value, and that the key was read. */
    @Nullable
    Object take(Map<String, Object> row, String key) {
        used.add(key);
        return row.get(key);
    }

    /** The text that a key must hold; a number or truth value is written out. Empty with an error where there is none. */
    String text(Map<String, Object> row, String key) {
        Object value = take(row, key);
        if (value == null) {
            error("missing_text", pointer("", key), row.containsKey(key)
                    ? "'" + key + "' is null; write its text"
                    : "the row has no '" + key + "'; write its text", null);
            return "";
        }
        return text(value, pointer("", key), "'" + key + "'");
    }

    /** The text that a key may hold; empty where it is absent or null. */
    String optionalText(Map<String, Object> row, String key) {
        Object value = take(row, key);
        return value == null ? "" : text(value, pointer("", key), "'" + key + "'");
    }

    private String text(Object value, String pointer, String name) {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof Number || value instanceof Boolean) {
            mapped(name + " as a " + (value instanceof Number ? "number" : "truth value"), "its text");
            return value.toString();
        }
        error("data_type", pointer, name + " must be a text", value);
        return "";
    }

    /** Whether a key was read. */
    boolean isUsed(String key) {
        return used.contains(key);
    }

    void mapped(String from, String to) {
        steps.add(new Step(false, from, to));
    }

    void dropped(String what, String reason) {
        steps.add(new Step(true, what, reason));
    }

    /** The row cannot be converted. */
    void error(String code, String pointer, String message, @Nullable Object evidence) {
        problems.add(Problem.ofRow(code, Severity.ERROR, line, at + pointer, message, evidence));
    }

    boolean failed() {
        return !problems.isEmpty();
    }

    int line() {
        return line;
    }

    List<Step> steps() {
        return steps;
    }

    List<Problem> problems() {
        return problems;
    }

    /** A JSON pointer one key deeper, escaped as RFC 6901 says. */
    static String pointer(String at, String key) {
        return at + "/" + key.replace("~", "~0").replace("/", "~1");
    }
}
