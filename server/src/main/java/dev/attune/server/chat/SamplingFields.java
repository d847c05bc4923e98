package dev.attune.server.chat;

import dev.attune.engine.sample.SamplingOptions;
import dev.attune.engine.sample.Steering;
import dev.attune.engine.sample.TextShape;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Fields;
import dev.attune.server.protocol.UnknownKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.JsonNode;

/** The keys that say how text is drawn, which chat completions and completions have in common. */
final class SamplingFields {
    static final List<String> KEYS = List.of("temperature", "top_p", "n", "stop", "seed", "max_tokens",
            "presence_penalty", "frequency_penalty", "logit_bias");
    private static final Set<String> STREAM_KEYS = Set.of("include_usage", "include_obfuscation");
    private static final int MOST_TOKENS = 1 << 24;
    private static final int MOST_BIASES = 1024;

    private SamplingFields() {}

    /**
     * @param maxTokens most tokens, 0 for as many as there is room for
     * @param alternatives of each token, or {@link SamplingOptions#NO_LOGPROBS}
     * @throws ApiException 400, naming the key
     */
    static SamplingOptions of(Fields body, long maxTokens, TextShape shape, int alternatives) {
        double temperature = body.number("temperature", 0, 2, 1);
        double topP = body.number("top_p", 0, 1, 1);
        long seed = body.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE, ThreadLocalRandom.current().nextLong());
        var steering = new Steering(body.number("presence_penalty", -2, 2, 0),
                body.number("frequency_penalty", -2, 2, 0), bias(body));
        // No probability at all leaves only the likeliest token.
        return new SamplingOptions((int) Math.min(maxTokens, MOST_TOKENS), topP == 0 ? 0 : temperature,
                topP == 0 ? 1 : topP, seed, stop(body), steering, shape, alternatives);
    }

    /** Whether a stream, if it is one, is to end with the tokens it took. */
    static boolean includesUsage(Fields body) {
        Fields options = body.object("stream_options");
        UnknownKeys.refuse(options, STREAM_KEYS);
        options.flag("include_obfuscation", true);
        return options.flag("include_usage", false);
    }

    private static Map<Integer, Double> bias(Fields body) {
        Fields given = body.object("logit_bias");
        var bias = new LinkedHashMap<Integer, Double>();
        for (String key : given.node().propertyNames()) {
            double value = given.number(key, -100, 100, 0);
            if (!key.matches("\\d{1,9}")) {
                throw ApiException.badRequest("Invalid key in 'logit_bias': " + key
                        + ". You should only be submitting non-negative integers.", "logit_bias",
                        "invalid_property_name");
            }
            bias.put(Integer.parseInt(key), value);
        }
        if (bias.size() > MOST_BIASES) {
            throw ApiException.badRequest("Invalid 'logit_bias': too many properties. Expected an object with at most "
                    + MOST_BIASES + " properties, but got an object with " + bias.size() + " properties instead.",
                    "logit_bias", "object_above_max_properties");
        }
        return bias;
    }

    /**
     * @throws ApiException 400 where a token of the bias is not one of the model's
     */
    static void requireTokens(SamplingOptions options, int vocabulary) {
        for (int token : options.steering().bias().keySet()) {
            if (token >= vocabulary) {
                throw ApiException.badRequest("Invalid key in 'logit_bias': " + token + ". Maximum value is "
                        + (vocabulary - 1) + ".", "logit_bias", "invalid_property_name");
            }
        }
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
}
