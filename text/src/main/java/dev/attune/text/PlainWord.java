package dev.attune.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The piece that most text is made of, one to seven small ASCII letters with or without a space before them, told by a few
 * operations on eight bytes at once. What follows must be ASCII and neither a capital nor an apostrophe: then such a word is a
 * piece of its own in each of OpenAI's patterns.
 */
final class PlainWord {
    /** Bytes from the word's beginning on that are looked at. */
    static final int ROOM = 9;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private PlainWord() {}

    /**
     * The end of the word that begins a piece.
     *
     * @param from where the piece begins; {@value #ROOM} bytes of the text begin here
     * @return 0 where no such word certainly stands there
     */
    static int end(byte[] text, int from) {
        int start = text[from] == ' ' ? from + 1 : from;
        long word = (long) LONGS.get(text, start);
        long seven = word | HIGHS;
        long small = (seven - ONES * 'a') & ~(seven - ONES * ('z' + 1)) & ~word;
        int letters = Long.numberOfTrailingZeros(~small & HIGHS) >>> 3;
        if (letters == 0 || letters == 8) {
            return 0;
        }
        int next = text[start + letters];
        return next < 0 || next == '\'' || next >= 'A' && next <= 'Z' ? 0 : start + letters;
    }
}
