package dev.attune.dataset;

import dev.attune.text.Conversation;

/** Counts the tokens of examples as one model sees them. Implementations are thread-safe. */
public interface TokenCounter {

    /**
     * Counts one example.
     *
     * @throws dev.attune.text.TextException where the model's template cannot write it, or which tokens are trained is not
     *         certain
     */
    TokenCount count(Conversation conversation);
}
