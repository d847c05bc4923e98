package dev.attune.dataset;

/**
 * One thing that is wrong with a dataset, and where. Immutable.
 *
 * @param code stable name of the kind of problem in snake_case, to count and to filter by
 * @param line line of the file, the first is 1; 0 where the file as a whole is meant
 * @param pointer JSON pointer into the line's object; empty where the whole line or file is meant
 * @param message one sentence: what is wrong and what to do
 * @param excerpt the piece of the file that shows it, shortened; may be empty
 */
public record Problem(String code, Severity severity, int line, String pointer, String message, String excerpt) {

    /** A problem of the file as a whole. */
    public static Problem ofFile(String code, Severity severity, String message) {
        return new Problem(code, severity, 0, "", message, "");
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
