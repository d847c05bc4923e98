package dev.attune.dataset;

import dev.attune.text.Conversation;
import dev.attune.text.Message;
import dev.attune.text.OpenAiTokenizer;
import dev.attune.text.TokenTally;
import dev.attune.text.Tokenizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Counts as OpenAI bills a chat example: 3 tokens around each message and 3 for the example, the role, the text, and the name
 * with one more. That is what the cookbooks "Data preparation and analysis for chat model fine-tuning" and "How to count
 * tokens with tiktoken" do; for tools it is the latter's rule, which is known to be near, not exact. Trained are the texts of
 * assistant messages of weight 1. The tokenizer stays the caller's. Thread-safe.
 */
final class OpenAiTokenCounter implements TokenCounter {
    /** Tokens around each message. */
    static final int PER_MESSAGE = 3;
    /** Tokens of an example beside its messages. */
    static final int PER_EXAMPLE = 3;

    private static final int PER_NAME = 1;
    private static final int PROPERTIES = 3;
    private static final int PROPERTY = 3;
    private static final int ENUM = -3;
    private static final int ENUM_ITEM = 3;
    private static final int TOOLS_END = 12;

    private final Optional<ThreadLocal<TokenTally>> tallies;
    private final ToIntFunction<String> counts;
    private final int perFunction;

    /** @param model a model's name, perhaps {@code ft:…}; older models write tools with more tokens */
    OpenAiTokenCounter(Tokenizer tokenizer, String model) {
        this.tallies = tokenizer instanceof OpenAiTokenizer hosted
                ? Optional.of(ThreadLocal.withInitial(hosted::tally))
                : Optional.empty();
        this.counts = tallies.<ToIntFunction<String>>map(tally -> text -> tally.get().count(text))
                .orElse(text -> tokenizer.encode(text).length);
        String base = model.startsWith("ft:") ? model.substring(3) : model;
        boolean older = base.startsWith("gpt-3.5") || base.equals("gpt-4") || base.startsWith("gpt-4-");
        this.perFunction = older ? 10 : 7;
    }

    @Override
    public TokenCount count(Conversation conversation) {
        return cut(conversation, Integer.MAX_VALUE);
    }

    /** Tools are taken to stand before the messages, and of a message the text before its calls. */
    @Override
    public TokenCount cut(Conversation conversation, int limit) {
        int total = tools(conversation.tools());
        int trained = 0;
        for (Message message : conversation.messages()) {
            total += PER_MESSAGE + tokens(message.role());
            int said = tokens(ImageMark.without(message.content()));
            switch (message) {
                case Message.User user when !user.name().isEmpty() -> total += PER_NAME + tokens(user.name());
                case Message.Assistant assistant -> {
                    said += assistant.toolCalls().stream()
                            .mapToInt(call -> tokens(call.name()) + tokens(call.arguments())).sum();
                    trained += assistant.weight() == 1 ? Math.clamp((long) limit - total, 0, said) : 0;
                }
                default -> {
                }
            }
            total += said;
        }
        return new TokenCount(Math.min(limit, total + PER_EXAMPLE), trained);
    }

    private int tools(List<Map<String, Object>> tools) {
        int total = tools.isEmpty() ? 0 : TOOLS_END;
        for (Map<String, Object> tool : tools) {
            if (tool.get("function") instanceof Map<?, ?> function) {
                total += perFunction
                        + tokens(text(function.get("name")) + ":" + described(function.get("description")));
                if (function.get("parameters") instanceof Map<?, ?> parameters
                        && parameters.get("properties") instanceof Map<?, ?> properties && !properties.isEmpty()) {
                    total += PROPERTIES;
                    for (Map.Entry<?, ?> property : properties.entrySet()) {
                        total += PROPERTY + property(text(property.getKey()), property.getValue());
                    }
                }
            }
        }
        return total;
    }

    private int property(String name, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> schema)) {
            return tokens(name + "::");
        }
        int total = tokens(name + ":" + text(schema.get("type")) + ":" + described(schema.get("description")));
        if (schema.get("enum") instanceof List<?> items) {
            total += ENUM + items.stream().mapToInt(item -> ENUM_ITEM + tokens(text(item))).sum();
        }
        return total;
    }

    private static String described(@Nullable Object description) {
        String text = text(description);
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : JsonText.of(value);
    }

    private int tokens(String text) {
        return text.isEmpty() ? 0 : counts.applyAsInt(text);
    }

    /**
     * What counts texts on this thread; empty where the tokenizer is not OpenAI's. OpenAI takes {@code <|endoftext|>} in a message
     * for the text it is, which a tally does and an encoder does not.
     */
    Optional<TokenTally> tally() {
        return tallies.map(ThreadLocal::get);
    }
}
