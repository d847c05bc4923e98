package dev.attune.evals.run;

import java.time.Duration;

/** A request without an answer. */
public final class ModelException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What kind of failure it is. */
    public enum Kind {
        /** Too many requests: ask fewer at once, and this one later. */
        LIMITED,
        /** The server or the way to it is not well: try again. */
        UNWELL,
        /** No answer in time. */
        TIMEOUT,
        /** The request itself was refused: trying again is of no use. */
        REFUSED
    }

    private final Kind kind;
    private final Duration retryAfter;

    /** @param retryAfter what the server asks one to wait; zero where it does not say */
    public ModelException(Kind kind, String message, Duration retryAfter) {
        super(message);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    public Kind kind() {
        return kind;
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
