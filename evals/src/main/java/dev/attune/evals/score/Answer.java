package dev.attune.evals.score;

import java.util.List;

/**
 * What a model said to one question, and what it took.
 *
 * @param text the answer's text; empty where it only calls tools
 * @param finish why it stopped: {@code stop}, {@code length}, {@code tool_calls}, …; empty where the server does not say
 * @param inputTokens −1 where they are not known
 * @param outputTokens −1 where they are not known
 * @param seconds from request to whole answer; −1 where not measured
 * @param usd what it cost; −1 where the price is not known
 */
public record Answer(String text, List<ToolCall> toolCalls, String finish, long inputTokens, long outputTokens,
        double seconds, double usd) {

    /**
     * A call that the model asks for.
     *
     * @param arguments JSON as the model wrote it, which may be no JSON
     */
    public record ToolCall(String name, String arguments) {}

    public Answer {
        toolCalls = List.copyOf(toolCalls);
    }

    /** A text of which nothing else is known. */
    public static Answer of(String text) {
        return new Answer(text, List.of(), "", -1, -1, -1, -1);
    }
}
