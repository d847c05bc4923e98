package dev.attune.server.batches;

import dev.attune.server.protocol.InProcess;
import dev.attune.server.protocol.Json;
import dev.attune.server.store.Ids;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request in a batch's file.
 *
 * @param line its line, the first is 1
 * @param customId by which its sender knows it
 */
record BatchLine(int line, String customId, ObjectNode body) {

    /** A line that cannot be a request. */
    static final class BadLineException extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient BatchWire.BatchError error;

        BadLineException(String code, String message, @Nullable String param, int line) {
            super(message, null, false, false);
            this.error = new BatchWire.BatchError(code, message, param, line);
        }

        BatchWire.BatchError error() {
            return error;
        }
    }

    /**
     * What a line was answered with.
     *
     * @param json a line of the output file or the error file
     */
    record Answer(boolean failed, String json, long inputTokens, long outputTokens) {}

    /** Reads a line whose {@code url} must be the batch's endpoint. */
    static BatchLine of(int line, String text, String endpoint) throws BadLineException {
        JsonNode node;
        try {
            node = Json.tree(text);
        } catch (JacksonException e) {
            throw new BadLineException("invalid_json_line", "This line is not parseable as valid JSON: "
                    + Json.reason(e) + ".", null, line);
        }
        if (!node.isObject()) {
            throw new BadLineException("invalid_json_line", "This line is not a JSON object.", null, line);
        }
        for (String key : node.propertyNames()) {
            if (!Set.of("custom_id", "method", "url", "body").contains(key)) {
                throw new BadLineException("invalid_request", "invalid " + key + ", extra inputs are not permitted.",
                        key, line);
            }
        }
        String customId = node.path("custom_id").asString("");
        if (customId.isEmpty()) {
            throw new BadLineException("missing_required_parameter",
                    "Missing required parameter: 'custom_id', a text that is not empty.", "custom_id", line);
        }
        if (!node.path("method").asString("").equals("POST")) {
            throw new BadLineException("invalid_method", "The method must be 'POST'.", "method", line);
        }
        if (!node.path("url").asString("").equals(endpoint)) {
            throw new BadLineException("mismatched_url", "The url must be '" + endpoint
                    + "', as the batch's endpoint is.", "url", line);
        }
        if (!(node.path("body") instanceof ObjectNode body)) {
            throw new BadLineException("missing_required_parameter", "Missing required parameter: 'body', an object.",
                    "body", line);
        }
        if (body.path("stream").asBoolean(false)) {
            throw new BadLineException("invalid_request",
                    "A request in a batch cannot be streamed; leave 'stream' out.",
                    "body.stream", line);
        }
        return new BatchLine(line, customId, body);
    }

    /** The line of a file that says how this request was answered. */
    Answer answer(InProcess.Reply reply) {
        ObjectNode result = Json.object().put("id", Ids.next("batch_req_")).put("custom_id", customId);
        ObjectNode response = result.putObject("response").put("status_code", reply.status())
                .put("request_id", reply.requestId());
        response.set("body", reply.body());
        result.putNull("error");
        JsonNode usage = reply.body().path("usage");
        return new Answer(!reply.isOk(), result.toString(), usage.path("prompt_tokens").asLong(0),
                usage.path("completion_tokens").asLong(0));
    }

    /** The line of the error file where nobody came to answer. */
    Answer unanswered(String code, String message) {
        ObjectNode result = Json.object().put("id", Ids.next("batch_req_")).put("custom_id", customId);
        result.putNull("response");
        result.putObject("error").put("code", code).put("message", message);
        return new Answer(true, result.toString(), 0, 0);
    }
}
