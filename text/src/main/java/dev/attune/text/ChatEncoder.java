package dev.attune.text;

import java.nio.file.Path;
import java.util.Set;

/** Template and tokenizer of one model directory: conversations in, token ids and masks out. Thread-safe. */
public final class ChatEncoder implements AutoCloseable {
    private final HuggingFaceTokenizer tokenizer;

    private ChatEncoder(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    public static ChatEncoder open(Path modelDir) {
        return new ChatEncoder(HuggingFaceTokenizer.open(modelDir));
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** Ids with the generation prompt at the end. */
    public int[] prompt(Conversation conversation) {
        throw new UnsupportedOperationException();
    }

    /** The whole conversation; trained are the assistant turns of weight 1 and their stop tokens. */
    public MaskedTokens example(Conversation conversation) {
        throw new UnsupportedOperationException();
    }

    /** The ids that end a turn. */
    public Set<Integer> stopTokens() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
