package dev.attune.text;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The tokenizer of a base model, out of the {@code tokenizer.json} in its directory, run by Hugging Face's own native
 * library. It adds no BOS (the chat template writes one where the model wants one), and it neither truncates nor pads,
 * whatever the file asks for.
 *
 * <p>Owns native memory until {@link #close}. Thread-safe: any number of threads encode and decode at once; closing waits
 * for them, and a call after it is an {@link IllegalStateException}.
 */
public final class HuggingFaceTokenizer implements Tokenizer {
    private final TokenizersLibrary library = NativeTokenizers.library();
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Vocabulary vocabulary;
    private final Path file;
    private long handle;

    private HuggingFaceTokenizer(Path file, Vocabulary vocabulary, long handle) {
        this.file = file;
        this.vocabulary = vocabulary;
        this.handle = handle;
    }

    /**
     * Opens {@code modelDir/tokenizer.json}.
     *
     * @throws TextException where the file is missing or is not a tokenizer
     */
    public static HuggingFaceTokenizer open(Path modelDir) {
        Path file = modelDir.resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            throw new TextException(
                    "There is no " + file + "; a base model is a directory in Hugging Face layout with a"
                            + " tokenizer.json in it.");
        }
        var vocabulary = Vocabulary.read(file);
        TokenizersLibrary library = NativeTokenizers.library();
        long handle;
        try {
            handle = library.createTokenizerFromString(Files.readString(file));
        } catch (IOException | RuntimeException e) {
            throw new TextException(file + " is not a tokenizer that can be loaded (" + e.getMessage()
                    + "); copy it again from the base model.", e);
        }
        library.disableTruncation(handle);
        library.disablePadding(handle);
        return new HuggingFaceTokenizer(file, vocabulary, handle);
    }

    @Override
    public int[] encode(String text) {
        if (text.isEmpty()) {
            return new int[0];
        }
        lock.readLock().lock();
        try {
            long encoding = library.encode(openHandle(), Surrogates.repaired(text), false);
            try {
                long[] wide = library.getTokenIds(encoding);
                int[] ids = new int[wide.length];
                for (int i = 0; i < wide.length; i++) {
                    ids[i] = (int) wide[i];
                }
                return ids;
            } finally {
                library.deleteEncoding(encoding);
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Ids without a token, such as those that pad a model's embedding to a round size, have no text. */
    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        long[] wide = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            wide[i] = Integer.toUnsignedLong(ids[i]);
        }
        lock.readLock().lock();
        try {
            return library.decode(openHandle(), wide, skipSpecialTokens);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public int vocabularySize() {
        return vocabulary.size();
    }

    @Override
    public int idOf(String token) {
        return vocabulary.ids().getOrDefault(token, -1);
    }

    /** What bytes each token stands for; made anew by each call. */
    TokenBytes bytes() {
        return TokenBytes.of(vocabulary);
    }

    /** Whether an id stands for an added special token such as {@code <|im_end|>}. */
    boolean isSpecial(int id) {
        return vocabulary.special().contains(id);
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (handle != 0) {
                library.deleteTokenizer(handle);
                handle = 0;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public String toString() {
        return "HuggingFaceTokenizer[" + file + "]";
    }

    private long openHandle() {
        if (handle == 0) {
            throw new IllegalStateException("the tokenizer of " + file + " is closed");
        }
        return handle;
    }
}
