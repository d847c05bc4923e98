package dev.attune.dataset;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a dataset, and where. Immutable.
 *
 * @param code stable name of the kind of problem in snake_case, to count and to filter by
 * @param line line of the file, the first is 1; 0 where the file as a whole is meant
 * @param pointer JSON pointer into the line's object; empty where the whole line or file is meant
 * @param message one sentence without a full stop: what is wrong and what to do
 * @param excerpt the piece of the file that shows it, shortened; may be empty
 */
public record Problem(String code, Severity severity, int line, String pointer, String message, String excerpt) {
    private static final int MAXIMUM_LENGTH = 500;

    /** Keys and texts of the file stand in a problem, so it is kept to one line of visible characters. */
    public Problem {
        pointer = visible(pointer);
        message = visible(message);
        excerpt = visible(excerpt);
    }

    private static String visible(String text) {
        var line = new StringBuilder(Math.min(text.length(), MAXIMUM_LENGTH));
        for (int i = 0; i < text.length() && line.length() < MAXIMUM_LENGTH;) {
            int c = text.codePointAt(i);
            int type = Character.getType(c);
            boolean hidden = type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE
                    || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
            line.appendCodePoint(hidden ? '\uFFFD' : c);
            i += Character.charCount(c);
        }
        return text.length() > MAXIMUM_LENGTH ? line.append('…').toString() : line.toString();
    }

    /** A problem of the file as a whole. */
    public static Problem ofFile(String code, Severity severity, String message) {
        return new Problem(code, severity, 0, "", message, "");
    }

    /**
     * A problem of one row.
     *
     * @param evidence the value that shows it, of which the beginning is kept; null for none
     */
    public static Problem ofRow(String code, Severity severity, int line, String pointer, String message,
            @Nullable Object evidence) {
        return new Problem(code, severity, line, pointer, message, Findings.excerpt(evidence));
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** The place in words: {@code line 37, /messages/2/role}; empty for the file as a whole. */
    public String where() {
        if (line == 0) {
            return "";
        }
        return pointer.isEmpty() ? "line " + line : "line " + line + ", " + pointer;
    }

    @Override
    public String toString() {
        return line == 0 ? message : where() + ": " + message;
    }
}
