package dev.attune.text;

import com.knuddels.jtokkit.api.Encoding;
import java.nio.charset.StandardCharsets;

/**
 * Counts the tokens of many texts in one of OpenAI's encodings, much faster than making the tokens: text is cut into pieces by
 * hand, and a bounded memory of a few megabytes knows the pieces that came before. The numbers are those of the encoding.
 * What looks like a special token ({@code <|endoftext|>}) is counted as the text it is. Not thread-safe; one for each thread.
 */
public final class TokenTally {
    private static final int SHORT_SLOTS = 1 << 16;
    private static final int LONG_SLOTS = 1 << 14;

    private final Encoding encoding;
    private final PieceSplitter splitter;
    private final ShortPieces shortPieces = new ShortPieces(SHORT_SLOTS);
    private final PieceCounts longPieces = new PieceCounts(6, LONG_SLOTS);

    TokenTally(Encoding encoding, PieceSplitter splitter) {
        this.encoding = encoding;
        this.splitter = splitter;
    }

    /** The tokens of a text; half a surrogate pair counts as U+FFFD. */
    public int count(String text) {
        byte[] utf8 = Surrogates.repaired(text).getBytes(StandardCharsets.UTF_8);
        return count(utf8, 0, utf8.length);
    }

    /**
     * The tokens of a text.
     *
     * @param utf8 well-formed UTF-8 between {@code from} and {@code to}, which are on character boundaries
     */
    public int count(byte[] utf8, int from, int to) {
        int total = 0;
        int at = from;
        while (at < to) {
            int end = at + PlainWord.ROOM <= to ? PlainWord.end(utf8, at) : 0;
            end = end == 0 ? splitter.end(utf8, at, to) : end;
            total += piece(utf8, at, end - at);
            at = end;
        }
        return total;
    }

    private int piece(byte[] utf8, int from, int length) {
        if (length == 1) {
            return 1;
        }
        return length <= ShortPieces.LONGEST ? shortPiece(utf8, from, length) : longPiece(utf8, from, length);
    }

    private int shortPiece(byte[] utf8, int from, int length) {
        int known = shortPieces.count(utf8, from, length);
        if (known > 0) {
            return known;
        }
        int count = encoded(utf8, from, length);
        shortPieces.put(count);
        return count;
    }

    private int longPiece(byte[] utf8, int from, int length) {
        if (length > longPieces.longest()) {
            return encoded(utf8, from, length);
        }
        int slot = longPieces.find(utf8, from, length);
        if (slot >= 0) {
            return longPieces.count(slot);
        }
        int count = encoded(utf8, from, length);
        longPieces.put(~slot, count);
        return count;
    }

    private int encoded(byte[] utf8, int from, int length) {
        return encoding.countTokensOrdinary(new String(utf8, from, length, StandardCharsets.UTF_8));
    }
}
