package dev.attune.engine.sample;

import dev.attune.text.Tokenizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Text that grows token by token. A piece is given out once it is whole: while the tokens so far end within a character,
 * its bytes are held back. A few tokens before the new ones are decoded again each time, because some tokenizers treat
 * the first token of a text in a way of its own. Special tokens have no text, but for those that are to be written out.
 * Not thread-safe.
 */
final class GrowingText {
    private static final char REPLACEMENT = '\uFFFD';

    private final Tokenizer tokenizer;
    private final Map<Integer, String> written = new HashMap<>();
    private int[] ids = new int[64];
    private int count;
    private int context;
    private int given;

    GrowingText(Tokenizer tokenizer) {
        this(tokenizer, Set.of());
    }

    /** @param writtenTokens special tokens that are written out */
    GrowingText(Tokenizer tokenizer, Set<String> writtenTokens) {
        this.tokenizer = tokenizer;
        writtenTokens.forEach(token -> written.put(tokenizer.idOf(token), token));
        written.remove(-1);
    }

    /** Takes a token and gives the text that has become whole, often empty. */
    String append(int id) {
        if (count == ids.length) {
            ids = Arrays.copyOf(ids, 2 * count);
        }
        String literally = written.get(id);
        if (literally != null) {
            String before = take(true);
            count = 0;
            context = 0;
            given = 0;
            return before + literally;
        }
        ids[count++] = id;
        return take(false);
    }

    /** What was held back, where no more is to come: a broken character is U+FFFD. */
    String finish() {
        return take(true);
    }

    private String take(boolean last) {
        String before = decode(context, given);
        String now = decode(context, count);
        if (now.length() <= before.length() || !last && now.charAt(now.length() - 1) == REPLACEMENT) {
            return "";
        }
        context = given;
        given = count;
        return now.substring(before.length());
    }

    private String decode(int from, int to) {
        return from == to ? "" : tokenizer.decode(Arrays.copyOfRange(ids, from, to), true);
    }
}
