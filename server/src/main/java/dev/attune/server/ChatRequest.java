package dev.attune.server;

import dev.attune.engine.SamplingOptions;
import dev.attune.text.Conversation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a chat completion is asked for. An option that would change the answer and cannot be honoured is refused; one that
 * changes nothing here is read over.
 *
 * @param choices how many answers
 * @param includeUsage whether a stream ends with the tokens it took
 */
record ChatRequest(String model, Conversation conversation, SamplingOptions options, int choices, boolean stream,
        boolean includeUsage) {

    private static final Set<String> READ = Set.of("model", "messages", "temperature", "top_p", "n", "stop", "seed",
            "stream", "stream_options", "max_tokens", "max_completion_tokens", "tools", "tool_choice",
            "presence_penalty", "frequency_penalty", "logit_bias", "logprobs", "top_logprobs", "response_format",
            "modalities", "audio", "functions", "function_call", "web_search_options");
    private static final Set<String> WITHOUT_EFFECT = Set.of("user", "metadata", "store", "service_tier",
            "parallel_tool_calls", "safety_identifier", "prompt_cache_key", "prompt_cache_retention",
            "prompt_cache_options", "reasoning_effort", "verbosity", "prediction", "moderation");
    private static final int MOST_TOKENS = 1 << 24;

    /**
     * @throws ApiException 400, naming the key
     */
    static ChatRequest of(Fields body) {
        for (String key : body.unknown(READ)) {
            if (!WITHOUT_EFFECT.contains(key)) {
                throw ApiException.badRequest("Unknown parameter: '" + key + "'.", key, "unknown_parameter");
            }
        }
        refuseWhatIsNotThere(body);
        String model = body.required("model");
        Fields stream = body.object("stream_options");
        return new ChatRequest(model, new Conversation(ChatMessages.of(body), tools(body)), options(body),
                (int) body.integer("n", 1, 128, 1), body.flag("stream", false), stream.flag("include_usage", false));
    }

    /** The options of one of the answers: each has a seed of its own. */
    SamplingOptions options(int choice) {
        return new SamplingOptions(options.maxTokens(), options.temperature(), options.topP(), options.seed() + choice,
                options.stop());
    }

    private static SamplingOptions options(Fields body) {
        double temperature = body.number("temperature", 0, 2, 1);
        double topP = body.number("top_p", 0, 1, 1);
        long maxTokens = body.integer("max_tokens", 1, Long.MAX_VALUE, 0);
        maxTokens = body.integer("max_completion_tokens", 1, Long.MAX_VALUE, maxTokens);
        long seed = body.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE, ThreadLocalRandom.current().nextLong());
        // No probability at all leaves only the likeliest token.
        return new SamplingOptions((int) Math.min(maxTokens, MOST_TOKENS), topP == 0 ? 0 : temperature,
                topP == 0 ? 1 : topP, seed, stop(body));
    }

    private static List<String> stop(Fields body) {
        JsonNode stop = body.value("stop");
        if (!body.has("stop")) {
            return List.of();
        }
        if (stop.isString()) {
            return stop.stringValue().isEmpty() ? List.of() : List.of(stop.stringValue());
        }
        var texts = new ArrayList<String>();
        for (JsonNode text : body.array("stop")) {
            if (!text.isString() || text.stringValue().isEmpty()) {
                throw body.wrongType("stop", "a string or an array of strings that are not empty", text);
            }
            texts.add(text.stringValue());
        }
        if (texts.size() > 4) {
            throw ApiException.badRequest("Invalid 'stop': array too long. Expected an array with maximum length 4, but"
                    + " got an array with length " + texts.size() + " instead.", "stop", "array_above_max_length");
        }
        return texts;
    }

    private static List<Map<String, Object>> tools(Fields body) {
        JsonNode choice = body.value("tool_choice");
        if (body.has("tool_choice") && !(choice.isString() && Set.of("none", "auto").contains(choice.stringValue()))) {
            throw unavailable("tool_choice", "'tool_choice' can be 'auto' or 'none' on this server");
        }
        var tools = new ArrayList<Map<String, Object>>();
        int index = 0;
        for (JsonNode tool : body.array("tools")) {
            String at = "tools[" + index++ + "]";
            if (!(tool instanceof ObjectNode) || !tool.path("type").asString("").equals("function")
                    || tool.path("function").path("name").asString("").isEmpty()) {
                throw ApiException.badRequest("Invalid '" + at
                        + "': expected {\"type\": \"function\", \"function\": {\"name\": …}}.", at);
            }
            tools.add(Json.MAPPER.convertValue(tool, new TypeReference<Map<String, Object>>() {
            }));
        }
        return choice.asString("").equals("none") ? List.of() : tools;
    }

    private static void refuseWhatIsNotThere(Fields body) {
        for (String penalty : List.of("presence_penalty", "frequency_penalty")) {
            if (body.number(penalty, -2, 2, 0) != 0) {
                throw unavailable(penalty, "'" + penalty + "' other than 0 is not available on this server yet");
            }
        }
        if (body.object("logit_bias").node().size() > 0) {
            throw unavailable("logit_bias", "'logit_bias' is not available on this server yet");
        }
        if (body.flag("logprobs", false) || body.integer("top_logprobs", 0, 20, 0) > 0) {
            throw unavailable("logprobs", "'logprobs' are not available on this server yet");
        }
        String format = body.object("response_format").text("type", "text");
        if (!format.equals("text")) {
            throw unavailable("response_format", "The response format '" + format
                    + "' is not available on this server yet; tune the model to answer in it");
        }
        for (JsonNode modality : body.array("modalities")) {
            if (!modality.asString("").equals("text")) {
                throw unavailable("modalities", "The models of this server answer in text only");
            }
        }
        for (String key : List.of("audio", "web_search_options", "functions", "function_call")) {
            if (body.has(key)) {
                throw unavailable(key, "'" + key + "' is not available on this server");
            }
        }
    }

    private static ApiException unavailable(String param, String sentence) {
        return ApiException.badRequest(sentence + ".", param, "unsupported_parameter");
    }
}
