package dev.attune.text;

/**
 * What went wrong while a chat template was read or rendered, and in which of its lines. It stays inside this module:
 * {@link ChatTemplate} turns it into a {@link TextException} that names the file.
 */
final class TemplateError extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean raisedByTemplate;
    private final int line;

    TemplateError(String message) {
        this(message, 0, false);
    }

    TemplateError(String message, int line) {
        this(message, line, false);
    }

    private TemplateError(String message, int line, boolean raisedByTemplate) {
        super(message, null, false, false);
        this.line = line;
        this.raisedByTemplate = raisedByTemplate;
    }

    /** What {@code raise_exception(message)} throws. */
    static TemplateError raised(String message) {
        return new TemplateError(message, 0, true);
    }

    /** The same error, placed in a line unless it has a place already. */
    TemplateError at(int where) {
        return line != 0 ? this : new TemplateError(String.valueOf(getMessage()), where, raisedByTemplate);
    }

    /** Whether the template itself refused the conversation. */
    boolean isRaisedByTemplate() {
        return raisedByTemplate;
    }

    /** One-based; 0 where unknown. */
    int line() {
        return line;
    }
}
