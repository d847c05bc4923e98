package dev.attune.dataset;

import dev.attune.text.ChatEncoder;
import dev.attune.text.Conversation;
import dev.attune.text.MaskedTokens;

/** Counts exactly, with the template and the tokenizer of a model directory; the encoder stays the caller's. Thread-safe. */
record LocalTokenCounter(ChatEncoder encoder) implements TokenCounter {
    @Override
    public TokenCount count(Conversation conversation) {
        MaskedTokens tokens = encoder.example(conversation);
        return new TokenCount(tokens.length(), tokens.trainedCount());
    }

    @Override
    public TokenCount cut(Conversation conversation, int limit) {
        MaskedTokens tokens = encoder.example(conversation);
        int left = Math.min(limit, tokens.length());
        int trained = 0;
        for (int i = 0; i < left; i++) {
            trained += tokens.trained()[i] ? 1 : 0;
        }
        return new TokenCount(left, trained);
    }
}
