package dev.attune.pretraining;

import dev.attune.text.MaskedTokens;

/**
 * An endless text to learn from, as examples with an index. What stands at an index is a pure function of the stream's
 * seed and the index, so a run resumes by remembering one number, and examples can be made on several threads.
 * Implementations are thread-safe.
 */
public interface TokenStream {

    /**
     * The example at an index, at most as long as a packed row (256 tokens unless the run says otherwise).
     * {@code trained} marks the tokens that count fully in the loss.
     *
     * @param index 0 or more
     */
    MaskedTokens get(long index);
}
