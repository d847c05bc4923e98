package dev.attune.text;

/**
 * Text to token ids and back. Implementations are thread-safe. Whoever opens one closes it.
 */
public interface Tokenizer extends AutoCloseable {

    /**
     * The ids of a text, in which special tokens such as {@code <|im_start|>} are recognised; nothing (no BOS) is added.
     */
    int[] encode(String text);

    /**
     * The text of ids; invalid UTF-8 becomes U+FFFD.
     *
     * @param skipSpecialTokens whether special tokens are left out of the text
     */
    String decode(int[] ids, boolean skipSpecialTokens);

    /** How many ids there are: every id is in {@code [0, vocabularySize)}. */
    int vocabularySize();

    /** The id of one token by its exact written form, or −1. */
    int idOf(String token);

    @Override
    void close();
}
