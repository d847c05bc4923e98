package dev.attune.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A bounded memory of how many tokens a piece of text has. A piece's own bytes are the key, so an answer is never another
 * piece's; a new piece takes the place of an older one where there is no room. Not thread-safe.
 */
final class PieceCounts {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int PROBES = 4;

    private final int words;
    private final int mask;
    private final long[] keys;
    private final int[] counts;
    private final long[] key;

    /**
     * @param words 8-byte words of a key; pieces must be shorter than {@code 8 · words} bytes
     * @param slots how many pieces are kept, a power of two
     */
    PieceCounts(int words, int slots) {
        this.words = words;
        this.mask = slots - 1;
        this.keys = new long[slots * words];
        this.counts = new int[slots];
        this.key = new long[words];
    }

    /** The longest piece that can be kept, in bytes. */
    int longest() {
        return 8 * words - 1;
    }

    /**
     * Looks a piece up.
     *
     * @return its slot where the piece is known; {@code ~slot} with the slot to {@link #put} it into where it is not
     */
    int find(byte[] text, int from, int length) {
        load(text, from, length);
        long hash = 0;
        for (long word : key) {
            hash = (hash ^ word) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        int home = (int) (hash >>> 20) & mask;
        for (int probe = 0; probe < PROBES; probe++) {
            int slot = home + probe & mask;
            if (counts[slot] == 0) {
                return ~slot;
            }
            if (holdsKey(slot)) {
                return slot;
            }
        }
        return ~(home + ((int) (hash >>> 7) & PROBES - 1) & mask);
    }

    int count(int slot) {
        return counts[slot];
    }

    /** Keeps the piece that was looked up last; a piece has at least one token. */
    void put(int slot, int count) {
        System.arraycopy(key, 0, keys, slot * words, words);
        counts[slot] = count;
    }

    private boolean holdsKey(int slot) {
        for (int i = 0; i < words; i++) {
            if (keys[slot * words + i] != key[i]) {
                return false;
            }
        }
        return true;
    }

    /** The bytes, zeros behind them, and the length in the last byte, so that no two pieces have one key. */
    private void load(byte[] text, int from, int length) {
        Arrays.fill(key, 0);
        int whole = length >>> 3;
        for (int i = 0; i < whole; i++) {
            key[i] = (long) LONGS.get(text, from + 8 * i);
        }
        int rest = length & 7;
        if (rest > 0) {
            int at = from + 8 * whole;
            key[whole] = at + 8 <= text.length
                    ? (long) LONGS.get(text, at) & -1L >>> 64 - 8 * rest
                    : tail(text, at, rest);
        }
        key[words - 1] |= (long) length << 56;
    }

    private static long tail(byte[] text, int from, int length) {
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= (text[from + i] & 0xFFL) << 8 * i;
        }
        return value;
    }
}
