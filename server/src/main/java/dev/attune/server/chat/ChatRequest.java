package dev.attune.server.chat;

import dev.attune.engine.sample.SamplingOptions;
import dev.attune.engine.sample.TextShape;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Fields;
import dev.attune.server.protocol.UnknownKeys;
import dev.attune.text.Message;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a chat completion is asked for. An option that would change the answer and cannot be honoured is refused; one that
 * changes nothing here is read over.
 *
 * @param options of all answers; each has a seed of its own
 * @param choices how many answers
 * @param includeUsage whether a stream ends with the tokens it took
 * @param stored whether the answer is kept
 */
record ChatRequest(String model, List<Message> messages, ToolChoice tools, SamplingOptions options, int choices,
        boolean stream, boolean includeUsage, boolean stored, Map<String, String> metadata) {

    private static final Set<String> READ = read();
    private static final int MOST_CHOICES = 128;
    private static final int MOST_ALTERNATIVES = 20;

    private static Set<String> read() {
        var read = new HashSet<>(SamplingFields.KEYS);
        read.addAll(List.of("model", "messages", "stream", "stream_options", "max_completion_tokens", "tools",
                "tool_choice", "parallel_tool_calls", "logprobs", "top_logprobs", "response_format", "modalities",
                "audio", "functions", "function_call", "web_search_options", "store", "metadata"));
        read.addAll(IdleFields.KEYS);
        return Set.copyOf(read);
    }

    /**
     * @throws ApiException 400, naming the key
     */
    static ChatRequest of(Fields body) {
        UnknownKeys.refuse(body, READ);
        refuseWhatIsNotThere(body);
        IdleFields.check(body);
        String model = body.required("model");
        return new ChatRequest(model, ChatMessages.of(body), ToolChoice.of(body), options(body),
                (int) body.integer("n", 1, MOST_CHOICES, 1), body.flag("stream", false),
                SamplingFields.includesUsage(body), body.flag("store", false), metadata(body));
    }

    private static SamplingOptions options(Fields body) {
        long maxTokens = body.integer("max_tokens", 1, Long.MAX_VALUE, 0);
        maxTokens = body.integer("max_completion_tokens", 1, Long.MAX_VALUE, maxTokens);
        return SamplingFields.of(body, maxTokens, shape(body), alternatives(body));
    }

    private static int alternatives(Fields body) {
        boolean told = body.flag("logprobs", false);
        int alternatives = (int) body.integer("top_logprobs", 0, MOST_ALTERNATIVES, 0);
        if (alternatives > 0 && !told) {
            throw ApiException.badRequest(
                    "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.", "top_logprobs");
        }
        return told ? alternatives : SamplingOptions.NO_LOGPROBS;
    }

    private static TextShape shape(Fields body) {
        Fields format = body.object("response_format");
        String type = body.has("response_format") ? format.required("type") : "text";
        return switch (type) {
            case "text" -> TextShape.FREE;
            case "json_object" -> TextShape.JSON_OBJECT;
            case "json_schema" -> throw unavailable("response_format.type", "The response format 'json_schema' is not"
                    + " available on this server yet; use 'json_object', and tune the model to write the keys");
            default -> throw ApiException.badRequest("Invalid value: '" + type
                    + "'. Supported values are: 'text', 'json_object', and 'json_schema'.", "response_format.type",
                    "invalid_value");
        };
    }

    /** @throws ApiException 400 where it has too much or something other than strings */
    static Map<String, String> metadata(Fields body) {
        var pairs = new LinkedHashMap<String, String>();
        Fields given = body.object("metadata");
        for (String key : given.node().propertyNames()) {
            String value = given.text(key, "");
            if (key.length() > 64 || value.length() > 512) {
                throw ApiException.badRequest("Invalid 'metadata': a key has at most 64 characters and a value at most"
                        + " 512.", "metadata", "string_above_max_length");
            }
            pairs.put(key, value);
        }
        if (pairs.size() > 16) {
            throw ApiException.badRequest("Invalid 'metadata': too many properties. Expected an object with at most 16"
                    + " properties, but got an object with " + pairs.size() + " properties instead.", "metadata",
                    "object_above_max_properties");
        }
        return pairs;
    }

    private static void refuseWhatIsNotThere(Fields body) {
        for (JsonNode modality : body.array("modalities")) {
            if (!modality.asString("").equals("text")) {
                throw unavailable("modalities", "The models of this server answer in text only");
            }
        }
        for (String key : List.of("audio", "web_search_options", "functions", "function_call")) {
            if (body.has(key)) {
                throw unavailable(key, "'" + key + "' is not available on this server"
                        + (key.startsWith("function") ? "; use 'tools' and 'tool_choice'" : ""));
            }
        }
    }

    private static ApiException unavailable(String param, String sentence) {
        return ApiException.badRequest(sentence + ".", param, "unsupported_parameter");
    }
}
