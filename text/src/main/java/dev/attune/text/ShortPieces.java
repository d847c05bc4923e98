package dev.attune.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * {@link PieceCounts} for pieces of at most {@value #LONGEST} bytes, which are nearly all: a piece, its length and its count
 * are two words side by side, so that a look is one line of the cache. Not thread-safe.
 */
final class ShortPieces {
    static final int LONGEST = 14;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int PROBES = 4;
    private static final int COUNT_SHIFT = 48;
    private static final int LENGTH_SHIFT = 56;
    private static final long COUNT = 0xFFL << COUNT_SHIFT;
    /** By length, the bytes of the first and of the second word that belong to the piece. */
    private static final long[] FIRST = new long[LONGEST + 1];
    private static final long[] SECOND = new long[LONGEST + 1];

    static {
        for (int length = 1; length <= LONGEST; length++) {
            FIRST[length] = length >= 8 ? -1L : -1L >>> 64 - 8 * length;
            SECOND[length] = length <= 8 ? 0 : -1L >>> 64 - 8 * (length - 8);
        }
    }

    private final int mask;
    private final long[] table;
    private long first;
    private long second;
    private int place;

    /** @param slots how many pieces are kept, a power of two */
    ShortPieces(int slots) {
        this.mask = slots - 1;
        this.table = new long[2 * slots];
    }

    /**
     * Looks a piece up.
     *
     * @param length 1 to {@value #LONGEST}
     * @return how many tokens it has, or 0 where it is not known; {@link #put} can then say it
     */
    int count(byte[] text, int from, int length) {
        long one;
        long two;
        if (from + 16 <= text.length) {
            one = (long) LONGS.get(text, from) & FIRST[length];
            two = (long) LONGS.get(text, from + 8) & SECOND[length] | (long) length << LENGTH_SHIFT;
        } else {
            one = bytes(text, from, Math.min(length, 8));
            two = bytes(text, from + 8, length - 8) | (long) length << LENGTH_SHIFT;
        }
        long hash = (one ^ two * 0x9E3779B97F4A7C15L) * 0xD6E8FEB86659FD93L;
        int home = (int) (hash >>> 40) & mask;
        for (int probe = 0; probe < PROBES; probe++) {
            int slot = home + probe & mask;
            long held = table[2 * slot + 1];
            if ((held & ~COUNT) == two && table[2 * slot] == one) {
                return (int) (held >>> COUNT_SHIFT) & 0xFF;
            }
            if (held == 0) {
                return missed(one, two, slot);
            }
        }
        return missed(one, two, home + ((int) (hash >>> 32) & PROBES - 1) & mask);
    }

    private int missed(long one, long two, int slot) {
        first = one;
        second = two;
        place = slot;
        return 0;
    }

    /** Keeps the piece that was missed last, with at least 1 token and at most one a byte. */
    void put(int count) {
        table[2 * place] = first;
        table[2 * place + 1] = second | (long) count << COUNT_SHIFT;
    }

    private static long bytes(byte[] text, int from, int length) {
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= (text[from + i] & 0xFFL) << 8 * i;
        }
        return value;
    }
}
