package dev.attune.evals.score;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model said to one question, and what it took.
 *
 * @param text the answer's text; empty where it only calls tools
 * @param finish why it stopped: {@code stop}, {@code length}, {@code tool_calls}, …; empty where the server does not say
 * @param inputTokens −1 where they are not known
 * @param outputTokens −1 where they are not known
 * @param seconds from request to whole answer; −1 where not measured
 * @param usd what it cost; −1 where the price is not known
 * @param ending its last tokens with what could have stood there; empty where that was not asked for or is not told
 */
public record Answer(String text, List<ToolCall> toolCalls, String finish, long inputTokens, long outputTokens,
        double seconds, double usd, List<Token> ending) {

    /**
     * A call that the model asks for.
     *
     * @param arguments JSON as the model wrote it, which may be no JSON
     */
    public record ToolCall(String name, String arguments) {}

    /**
     * One token of the answer.
     *
     * @param text its letters
     * @param choices what could have stood in its place, itself among it, with the probability of each
     */
    public record Token(String text, Map<String, Double> choices) {
        public Token {
            choices = Collections.unmodifiableMap(new LinkedHashMap<>(choices));
        }
    }

    public Answer {
        toolCalls = List.copyOf(toolCalls);
        ending = List.copyOf(ending);
    }

    /** An answer of whose tokens nothing is known. */
    public Answer(String text, List<ToolCall> toolCalls, String finish, long inputTokens, long outputTokens,
            double seconds, double usd) {
        this(text, toolCalls, finish, inputTokens, outputTokens, seconds, usd, List.of());
    }

    /** The same at a price. */
    public Answer costing(double dollars) {
        return new Answer(text, toolCalls, finish, inputTokens, outputTokens, seconds, dollars, ending);
    }

    /** A text of which nothing else is known. */
    public static Answer of(String text) {
        return new Answer(text, List.of(), "", -1, -1, -1, -1);
    }
}
