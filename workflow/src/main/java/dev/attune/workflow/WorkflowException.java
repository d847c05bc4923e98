package dev.attune.workflow;

import java.util.List;

/**
 * Work that could not be done. The message is one sentence that says what is wrong, where, and what to do; where several
 * things are wrong, {@link #problems()} names each. Carries no keys and no other secrets.
 */
public final class WorkflowException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of trouble it is; stable, so that it can be counted and acted upon. */
    public enum Code {
        /** The recipe cannot be read, or says something that cannot be done. */
        RECIPE_INVALID,
        /** The data has errors that training would not survive. */
        DATA_INVALID,
        /** Base URL, key or model are not configured. */
        NOT_CONFIGURED,
        /** No answer from the server within the time that one waits. */
        UNREACHABLE,
        /** The key was refused. */
        UNAUTHORIZED,
        /** The server does not know a file, job or model. */
        NOT_FOUND,
        /** The server understood and said no. */
        REFUSED,
        /** The tuning job ended as failed. */
        JOB_FAILED,
        /** The tuning job was cancelled. */
        JOB_CANCELLED,
        /** A file cannot be read or written. */
        IO,
        /** The run was stopped from outside; it goes on from there when started again. */
        INTERRUPTED
    }

    private final Code code;
    private final transient List<String> problems;

    public WorkflowException(Code code, String message) {
        this(code, message, List.of());
    }

    public WorkflowException(Code code, String message, List<String> problems) {
        super(message);
        this.code = code;
        this.problems = List.copyOf(problems);
    }

    public WorkflowException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.problems = List.of();
    }

    public Code code() {
        return code;
    }

    /** Each single problem as a sentence of its own; empty where the message says it all. */
    public List<String> problems() {
        return problems;
    }
}
