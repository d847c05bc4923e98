package dev.attune.engine;

import dev.attune.text.Tokenizer;
import java.util.Arrays;

/**
 * Text that grows token by token. A piece is given out once it is whole: while the tokens so far end within a character,
 * its bytes are held back. A few tokens before the new ones are decoded again each time, because some tokenizers treat
 * the first token of a text in a way of its own. Not thread-safe.
 */
final class GrowingText {
    private static final char REPLACEMENT = '\uFFFD';

    private final Tokenizer tokenizer;
    private int[] ids = new int[64];
    private int count;
    private int context;
    private int given;

    GrowingText(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** Takes a token and gives the text that has become whole, often empty. */
    String append(int id) {
        if (count == ids.length) {
            ids = Arrays.copyOf(ids, 2 * count);
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
