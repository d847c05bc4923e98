package dev.attune.cli;

import com.openai.errors.OpenAIIoException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.UnauthorizedException;
import dev.attune.workflow.WorkflowException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;

/** What an exception says to a person: one sentence with what is wrong, where, and what to do. */
final class Sentence {
    private static final int LONGEST = 600;

    private Sentence() {}

    /** The sentence, without a full stop added, on one line. */
    static String of(Throwable problem) {
        String text = Words.oneLine(said(problem)).strip();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    /** Single problems behind the sentence, one line each; most failures have none, and those of data were shown before. */
    static List<String> problems(Throwable problem) {
        return problem instanceof WorkflowException workflow && workflow.code() != WorkflowException.Code.DATA_INVALID
                ? workflow.problems()
                : List.of();
    }

    /** What the process ends with. */
    static int exitCode(Throwable problem) {
        return switch (problem) {
            case CommandException e -> e.exitCode();
            case WorkflowException e when e.code() == WorkflowException.Code.INTERRUPTED ->
                CommandException.INTERRUPTED;
            case InterruptedException e -> CommandException.INTERRUPTED;
            default -> CommandException.FAILED;
        };
    }

    private static String said(Throwable problem) {
        return switch (problem) {
            case CommandException e -> message(e);
            case InterruptedException e -> "stopped";
            case UnauthorizedException e -> "the server refused the API key (" + server(e)
                    + "): set OPENAI_API_KEY to a key that it accepts";
            case OpenAIServiceException e -> server(e);
            case OpenAIIoException e -> "cannot reach the server (" + innermost(e)
                    + "): is it running, and is OPENAI_BASE_URL right?";
            case UncheckedIOException e when e.getCause() != null -> said(e.getCause());
            case NoSuchFileException e -> e.getFile() + " does not exist: check the path";
            case NotDirectoryException e -> e.getFile() + " is not a folder: give a folder";
            case AccessDeniedException e -> "no permission to use " + e.getFile()
                    + ": change its permissions or choose another place";
            case FileAlreadyExistsException e -> e.getFile() + " is in the way: move it or choose another place";
            case DirectoryNotEmptyException e -> e.getFile() + " is not empty: choose another folder";
            case FileSystemException e when String.valueOf(e.getReason()).contains("No space") -> "the disk that holds "
                    + e.getFile() + " is full: make room and run the same command again";
            case BindException e ->
                "the port is in use or not allowed (" + message(e) + "): choose another with --port";
            case ConnectException e -> "cannot connect (" + message(e) + "): is the server running?";
            case OutOfMemoryError e -> "not enough memory (" + message(e) + "): set ATTUNE_MEMORY, for example to 2g";
            case IOException e when message(e).contains("No space left") ->
                "the disk is full: make room and run the same command again";
            default -> problem.getMessage() == null || problem.getMessage().isBlank()
                    ? "an unexpected " + problem.getClass().getSimpleName()
                            + " came up: run it again with --debug and report what it prints"
                    : problem.getMessage();
        };
    }

    private static String server(OpenAIServiceException e) {
        // openai-java puts the status first: "400: Model x is not available."
        return message(e).replaceFirst("^" + e.statusCode() + ":? ?", "");
    }

    private static String innermost(Throwable problem) {
        Throwable cause = problem;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return message(cause);
    }

    private static String message(Throwable problem) {
        return String.valueOf(problem.getMessage());
    }
}
