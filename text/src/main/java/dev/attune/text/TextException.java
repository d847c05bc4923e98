package dev.attune.text;

/** Something about a tokenizer, a template or a mask that a person must mend; the message says what, where and how. */
public final class TextException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TextException(String message) {
        super(message);
    }

    public TextException(String message, Throwable cause) {
        super(message, cause);
    }
}
