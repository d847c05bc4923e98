package dev.attune.server.chat;

import dev.attune.engine.sample.SamplingOptions;
import dev.attune.engine.sample.TextShape;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Fields;
import dev.attune.server.protocol.UnknownKeys;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a completion is asked for.
 *
 * @param prompts texts or token ids, in the order of the request
 * @param maxTokens most tokens of an answer; 0 for none, where only the prompt is looked at
 * @param choices how many answers to each prompt
 * @param candidates out of how many they are the best
 * @param alternatives of each token that are told, or {@link SamplingOptions#NO_LOGPROBS}
 */
record CompletionRequest(String model, List<Prompt> prompts, SamplingOptions options, int maxTokens, int choices,
        int candidates, int alternatives, boolean echo, boolean stream, boolean includeUsage) {
    private static final Set<String> READ = read();
    private static final int DEFAULT_TOKENS = 16;
    private static final int MOST_ANSWERS = 256;
    private static final String EMPTY = "<|endoftext|>";

    private static Set<String> read() {
        var read = new HashSet<>(SamplingFields.KEYS);
        read.addAll(List.of("model", "prompt", "best_of", "echo", "logprobs", "suffix", "stream", "stream_options",
                "user"));
        return Set.copyOf(read);
    }

    /** What an answer continues. */
    sealed interface Prompt {
        /** Text, that the model's tokenizer cuts. */
        record Text(String text) implements Prompt {}

        /** Token ids. */
        record Tokens(int[] ids) implements Prompt {}

        /** Its tokens. */
        default int[] ids(Tokenizer tokenizer, int end) {
            return switch (this) {
                case Text(String text) when text.equals(EMPTY) || text.isEmpty() -> new int[]{end};
                case Text(String text) -> tokenizer.encode(text);
                case Tokens(int[] ids) -> ids;
            };
        }
    }

    /**
     * @throws ApiException 400, naming the key
     */
    static CompletionRequest of(Fields body) {
        UnknownKeys.refuse(body, READ);
        if (!body.text("suffix", "").isEmpty()) {
            throw ApiException.badRequest("'suffix' is not available on this server: its models write on, they do not"
                    + " fill in.", "suffix", "unsupported_parameter");
        }
        boolean stream = body.flag("stream", false);
        int choices = (int) body.integer("n", 1, 128, 1);
        int candidates = Math.max((int) body.integer("best_of", 0, 20, 0), 0);
        if (candidates > 0 && candidates < choices) {
            throw ApiException.badRequest("You requested that the server return more choices than it will generate"
                    + " (HINT: you must set 'n' (currently " + choices + ") to be at most 'best_of' (currently "
                    + candidates + ")).", "best_of");
        }
        if (candidates > choices && stream) {
            throw ApiException.badRequest("The best of several cannot be told before all are there; leave out 'stream'"
                    + " or 'best_of'.", "best_of", "unsupported_parameter");
        }
        List<Prompt> prompts = prompts(body);
        int most = Math.max(choices, candidates);
        if (prompts.size() * most > MOST_ANSWERS) {
            throw ApiException.badRequest("The request asks for " + prompts.size() * most + " answers, at most "
                    + MOST_ANSWERS + " are given at a time; send fewer prompts.", "prompt", "too_many_answers");
        }
        int alternatives = body.has("logprobs")
                ? (int) body.integer("logprobs", 0, 5, 0)
                : SamplingOptions.NO_LOGPROBS;
        int maxTokens = (int) Math.min(body.integer("max_tokens", 0, Long.MAX_VALUE, DEFAULT_TOKENS), 1 << 24);
        boolean judged = most > choices && alternatives < 0;
        return new CompletionRequest(body.required("model"), prompts,
                SamplingFields.of(body, maxTokens, TextShape.FREE, judged ? 0 : alternatives), maxTokens, choices, most,
                alternatives, body.flag("echo", false), stream,
                SamplingFields.includesUsage(body));
    }

    private static List<Prompt> prompts(Fields body) {
        JsonNode prompt = body.value("prompt");
        if (!body.has("prompt")) {
            return List.of(new Prompt.Text(EMPTY));
        }
        if (prompt.isString()) {
            return List.of(new Prompt.Text(prompt.stringValue()));
        }
        List<JsonNode> items = body.array("prompt");
        if (items.isEmpty()) {
            throw ApiException.badRequest("Invalid 'prompt': empty array.", "prompt", "empty_array");
        }
        if (items.stream().allMatch(JsonNode::isIntegralNumber)) {
            return List.of(new Prompt.Tokens(ids(items)));
        }
        var prompts = new ArrayList<Prompt>();
        for (JsonNode item : items) {
            if (item.isString()) {
                prompts.add(new Prompt.Text(item.stringValue()));
            } else if (item.isArray() && !item.isEmpty() && item.values().stream()
                    .allMatch(JsonNode::isIntegralNumber)) {
                prompts.add(new Prompt.Tokens(ids(List.copyOf(item.values()))));
            } else {
                throw body.wrongType("prompt", "a string, an array of strings, of tokens or of arrays of tokens", item);
            }
        }
        return prompts;
    }

    private static int[] ids(List<JsonNode> items) {
        return items.stream().mapToInt(item -> item.canConvertToInt() ? item.intValue() : -1).toArray();
    }
}
