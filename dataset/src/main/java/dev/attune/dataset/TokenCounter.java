package dev.attune.dataset;

import dev.attune.text.ChatEncoder;
import dev.attune.text.Conversation;
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

    /**
     * What is left of an example that is cut at its end. Unless a counter knows better, what is cut is taken to have been
     * trained, so the trained tokens are a lower bound.
     *
     * @param limit tokens that are left at most
     */
    default TokenCount cut(Conversation conversation, int limit) {
        TokenCount whole = count(conversation);
        int lost = Math.max(0, whole.total() - limit);
        return new TokenCount(whole.total() - lost, Math.max(0, whole.trained() - lost));
    }

    /** Counts exactly, with the template and the tokenizer of a model directory; the encoder stays the caller's. */
    static TokenCounter of(ChatEncoder encoder) {
        return new LocalTokenCounter(encoder);
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
