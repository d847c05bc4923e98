package dev.attune.workflow;

import com.openai.core.JsonValue;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.OpenAIServiceException;
import dev.attune.workflow.WorkflowException.Code;
import java.io.IOException;
import java.util.Map;

/** What a failed exchange means to a person: one sentence, with what to do. */
public final class WireErrors {
    private WireErrors() {}

    /**
     * The failure as a sentence.
     *
     * @param doing what was being done, as it continues "cannot …": {@code "upload train.jsonl"}
     */
    public static WorkflowException explain(String doing, OpenAIException failure) {
        if (failure instanceof OpenAIServiceException service) {
            return refused(doing, service);
        }
        if (failure instanceof OpenAIIoException) {
            return new WorkflowException(Code.UNREACHABLE,
                    "Cannot " + doing + ": the server does not answer (" + reason(failure)
                            + "); see that it runs and that the base URL is right.",
                    failure);
        }
        return new WorkflowException(Code.REFUSED,
                "Cannot " + doing + ": the answer is not one that the OpenAI protocol knows (" + reason(failure) + ").",
                failure);
    }

    /** Whether the same request may well succeed a little later. */
    static boolean isPassing(OpenAIException failure) {
        return switch (failure) {
            case OpenAIServiceException service ->
                service.statusCode() == 408 || service.statusCode() == 429 && !outOfMoney(service)
                        || service.statusCode() >= 500;
            default -> failure instanceof OpenAIIoException || isBrokenOff(failure);
        };
    }

    /** Whether the connection ended while the answer was read; a whole answer that cannot be understood is something else. */
    private static boolean isBrokenOff(OpenAIException failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException && !isOfTheClientsParser(cause)) {
                return true;
            }
        }
        return false;
    }

    /** The client reads JSON with an older Jackson, whose faults are I/O faults too; nothing else here knows that Jackson. */
    private static boolean isOfTheClientsParser(Throwable fault) {
        return fault.getClass().getPackageName().startsWith("com.fasterxml.jackson.");
    }

    /** What the server itself says, or the name of its status where it says nothing. */
    static String serverMessage(OpenAIServiceException failure) {
        Map<String, JsonValue> body = WireValues.object(failure.body());
        JsonValue error = body.get("error");
        Map<String, JsonValue> inner = error == null ? body : WireValues.object(error);
        JsonValue message = inner.get("message");
        String text = message == null ? "" : WireValues.scalar(message);
        return text.isEmpty() ? "HTTP status " + failure.statusCode() : text;
    }

    /** Why a request failed, in the words of the layer below, on one line. */
    static String reason(OpenAIException failure) {
        if (failure instanceof OpenAIServiceException service) {
            return serverMessage(service);
        }
        Throwable below = failure.getCause() == null ? failure : failure.getCause();
        String message = below.getMessage();
        return (message == null || message.isBlank() ? below.getClass().getSimpleName() : message)
                .replaceAll("\\s+", " ").replaceFirst("[:.]? ?at \\[Source: .*$", "");
    }

    private static WorkflowException refused(String doing, OpenAIServiceException failure) {
        String said = withoutStop(serverMessage(failure));
        String code = failure.code().orElse("");
        String sentence = "Cannot " + doing + ": ";
        return switch (failure.statusCode()) {
            case 401 -> new WorkflowException(Code.UNAUTHORIZED, sentence + "the server refuses the key (" + said
                    + "); set the right one in the environment.", failure);
            case 403 -> new WorkflowException(Code.REFUSED, sentence + said + (code.equals("training_not_available")
                    ? "; train on your own machine with `provider: attune`."
                    : "; the key needs the right to do this."), failure);
            case 404 -> new WorkflowException(Code.NOT_FOUND, sentence + said + ".", failure);
            default -> new WorkflowException(Code.REFUSED, sentence + said + ".", failure);
        };
    }

    private static boolean outOfMoney(OpenAIServiceException failure) {
        String code = failure.code().orElse("");
        return code.equals("insufficient_quota") || code.equals("credit_balance_exhausted")
                || code.endsWith("spend_limit_exceeded");
    }

    private static String withoutStop(String sentence) {
        String text = sentence.strip();
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }
}
