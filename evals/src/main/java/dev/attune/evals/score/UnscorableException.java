package dev.attune.evals.score;

/** A row that a scorer can say nothing about; it is counted and kept out of the mean. The message says why. */
public final class UnscorableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnscorableException(String reason) {
        super(reason);
    }

    public UnscorableException(String reason, Throwable cause) {
        super(reason, cause);
    }

    /** Why, as it continues "not scored: …". */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
