package dev.attune.server.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.attune.server.protocol.Wire;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What chat completions and completions write, key for key. */
interface ChatWire extends Wire {

    /** An answer in one piece. */
    record Completion(String id, String object, long created, String model, List<Choice> choices, Usage usage,
            String serviceTier, String systemFingerprint,
            @JsonInclude(Include.NON_NULL) @Nullable Map<String, String> metadata) implements ChatWire {}

    /** One of the answers. */
    record Choice(int index, ReplyMessage message, @Nullable Logprobs logprobs, String finishReason)
            implements
                ChatWire {}

    /** What the model says. */
    record ReplyMessage(String role, @Nullable String content, @Nullable String refusal, List<Object> annotations,
            @JsonInclude(Include.NON_NULL) @Nullable List<ToolCall> toolCalls) implements ChatWire {}

    /** A tool that is to be called. */
    record ToolCall(String id, String type, Function function) implements ChatWire {}

    /** Its name and its arguments, which are JSON text. */
    record Function(String name, String arguments) implements ChatWire {}

    /** Log probabilities of what is said. */
    record Logprobs(List<TokenLogprob> content, @Nullable List<TokenLogprob> refusal) implements ChatWire {}

    /** A token, and those that were likeliest in its place. */
    record TokenLogprob(String token, double logprob, int[] bytes, List<TopLogprob> topLogprobs) implements ChatWire {}

    /** A token that was likely. */
    record TopLogprob(String token, double logprob, int[] bytes) implements ChatWire {}

    /** Tokens in and out. */
    record Usage(int promptTokens, int completionTokens, int totalTokens, PromptDetails promptTokensDetails,
            CompletionDetails completionTokensDetails) implements ChatWire {
        static Usage of(int prompt, int completion) {
            return new Usage(prompt, completion, prompt + completion, new PromptDetails(0, 0),
                    new CompletionDetails(0, 0, 0, 0));
        }
    }

    /** Of the prompt's tokens. */
    record PromptDetails(int cachedTokens, int audioTokens) implements ChatWire {}

    /** Of the answer's tokens. */
    record CompletionDetails(int reasoningTokens, int audioTokens, int acceptedPredictionTokens,
            int rejectedPredictionTokens) implements ChatWire {}

    /** A piece of a streamed answer that was asked for its usage: null but in the last. */
    record ChunkWithUsage(String id, String object, long created, String model, String serviceTier,
            String systemFingerprint, List<ChunkChoice> choices, @Nullable Usage usage) implements ChatWire {}

    /** A piece of a streamed answer. */
    record Chunk(String id, String object, long created, String model, String serviceTier, String systemFingerprint,
            List<ChunkChoice> choices) implements ChatWire {}

    /** One answer's part of a piece. */
    record ChunkChoice(int index, Delta delta, @Nullable Logprobs logprobs, @Nullable String finishReason)
            implements
                ChatWire {}

    /** What is new. */
    @JsonInclude(Include.NON_NULL)
    record Delta(@Nullable String role, @Nullable String content, @Nullable List<ToolCallDelta> toolCalls)
            implements
                ChatWire {
        static Delta text(String content) {
            return new Delta(null, content, null);
        }

        static Delta call(ToolCallDelta call) {
            return new Delta(null, null, List.of(call));
        }
    }

    /** What is new of a tool call; its identifier, type and name stand in the first one only. */
    @JsonInclude(Include.NON_NULL)
    record ToolCallDelta(int index, @Nullable String id, @Nullable String type, FunctionDelta function)
            implements
                ChatWire {}

    /** What is new of its function. */
    @JsonInclude(Include.NON_NULL)
    record FunctionDelta(@Nullable String name, String arguments) implements ChatWire {}
}
