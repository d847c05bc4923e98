package dev.attune.cli;

/** A command cannot go on; the message is the one sentence that the person reads, the code what the shell gets. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Exit code when the work failed or problems were found. */
    static final int FAILED = 1;
    /** Exit code when the command line itself was wrong. */
    static final int USAGE = 2;
    /** Exit code after Ctrl-C, as shells report it. */
    static final int INTERRUPTED = 130;

    private final int exitCode;

    CommandException(String sentence) {
        this(sentence, FAILED);
    }

    CommandException(String sentence, int exitCode) {
        super(sentence);
        this.exitCode = exitCode;
    }

    CommandException(String sentence, Throwable cause) {
        super(sentence, cause);
        this.exitCode = FAILED;
    }

    int exitCode() {
        return exitCode;
    }
}
