package dev.attune.dataset;

import dev.attune.text.ChatEncoder;
import dev.attune.text.Conversation;
import dev.attune.text.MaskedTokens;
import dev.attune.text.Tokenizer;

/** Counts the tokens of examples as one model sees them. Implementations are thread-safe. */
public interface TokenCounter {

    /**
     * Counts one example.
     *
     * @throws dev.attune.text.TextException where the model's template cannot write it, or which tokens are trained is not
     *         certain
     */
    TokenCount count(Conversation conversation);

    /** Counts exactly, with the template and the tokenizer of a model directory; the encoder stays the caller's. */
    static TokenCounter of(ChatEncoder encoder) {
        return conversation -> {
            MaskedTokens tokens = encoder.example(conversation);
            return new TokenCount(tokens.length(), tokens.trainedCount());
        };
    }

    /**
     * Counts as OpenAI bills chat examples, by the rule of its cookbooks; the tokenizer stays the caller's.
     *
     * @param tokenizer the tokenizer of that model
     * @param model a model of OpenAI, perhaps {@code ft:…}: older ones write tools with more tokens
     */
    static TokenCounter openAi(Tokenizer tokenizer, String model) {
        return new OpenAiTokenCounter(tokenizer, model);
    }
}
