package dev.attune.evals.run;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * One request to a model.
 *
 * @param messages a list in OpenAI's form
 * @param tools a list in OpenAI's form; empty for none
 * @param temperature 0 for greedy
 * @param maxTokens the most tokens of the answer
 * @param repeat which of several answers to the same question this is, from 0
 * @param timeout after which the answer is no longer waited for
 * @param topTokens how many choices of each token are asked for, with their log probabilities; 0 for none
 */
public record ChatCall(JsonNode messages, JsonNode tools, double temperature, int maxTokens, int repeat,
        Duration timeout, int topTokens) {

    /** A request that asks for no probabilities. */
    public ChatCall(JsonNode messages, JsonNode tools, double temperature, int maxTokens, int repeat,
            Duration timeout) {
        this(messages, tools, temperature, maxTokens, repeat, timeout, 0);
    }

    /** The same request with another timeout. */
    ChatCall within(Duration time) {
        return new ChatCall(messages, tools, temperature, maxTokens, repeat, time, topTokens);
    }

    /** SHA-256 of all that decides the answer: the model, the request, and the repeat; the timeout is none of it. */
    public String key(ChatModel model) {
        MessageDigest digest = sha256();
        var parts = new ArrayList<>(List.of(model.identity(), model.name(), messages.toString(), tools.toString(),
                String.valueOf(temperature), String.valueOf(maxTokens), String.valueOf(repeat)));
        if (topTokens > 0) {
            parts.add("top " + topTokens);
        }
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
