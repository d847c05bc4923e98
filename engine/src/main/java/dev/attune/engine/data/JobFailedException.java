package dev.attune.engine.data;

/** Why a job cannot be done, as its last event says it. */
public final class JobFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String param;

    /**
     * @param code a word for programs
     * @param message one sentence for a person
     * @param param the request parameter at fault, or empty
     */
    public JobFailedException(String code, String message, String param) {
        super(message);
        this.code = code;
        this.param = param;
    }

    public JobFailedException(String code, String message, String param, Throwable cause) {
        this(code, message, param);
        initCause(cause);
    }

    public String code() {
        return code;
    }

    public String param() {
        return param;
    }

    public String sentence() {
        return String.valueOf(getMessage());
    }
}
