package dev.attune.dataset;

import dev.attune.text.ChatEncoder;
import dev.attune.text.Conversation;
import dev.attune.text.MaskedTokens;

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
}
