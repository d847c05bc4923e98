package dev.attune.text;

import java.util.List;

/**
 * One turn of a conversation, as the OpenAI chat format writes it. Text only; an absent name is the empty string.
 * Immutable.
 */
public sealed interface Message {

    /** The role as the wire writes it: {@code system}, {@code developer}, {@code user}, {@code assistant}, {@code tool}. */
    String role();

    /** The text of the turn; empty where an assistant turn has only tool calls. */
    String content();

    /** Instructions that stand above the conversation. */
    record System(String content) implements Message {
        @Override
        public String role() {
            return "system";
        }
    }

    /** The newer name of the system role; templates that know only {@code system} are given that. */
    record Developer(String content) implements Message {
        @Override
        public String role() {
            return "developer";
        }
    }

    /** What the person says. */
    record User(String content, String name) implements Message {
        public User(String content) {
            this(content, "");
        }

        @Override
        public String role() {
            return "user";
        }
    }

    /**
     * What the model says.
     *
     * @param weight 1 where the turn is trained, 0 where it is only context
     */
    record Assistant(String content, List<ToolCall> toolCalls, int weight) implements Message {
        public Assistant {
            toolCalls = List.copyOf(toolCalls);
            if (weight != 0 && weight != 1) {
                throw new IllegalArgumentException("weight must be 0 or 1, not " + weight);
            }
        }

        public Assistant(String content) {
            this(content, List.of(), 1);
        }

        @Override
        public String role() {
            return "assistant";
        }
    }

    /** What a tool answered. */
    record Tool(String content, String toolCallId) implements Message {
        @Override
        public String role() {
            return "tool";
        }
    }
}
