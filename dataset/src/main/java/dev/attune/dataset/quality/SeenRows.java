package dev.attune.dataset.quality;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Which texts were seen, by 128 bits of their SHA-256: 16 bytes for each, in a table that is at most two thirds full, so ten
 * million take 256 MiB or less. Not thread-safe.
 */
final class SeenRows {
    private long[] slots = new long[2 << 10];
    private int size;

    /** Whether a text is new; it is seen from now on. */
    boolean add(String text) {
        byte[] hash = sha256(text);
        long high = word(hash, 0) | 1;
        long low = word(hash, 8);
        if (3L * (size + 1) > slots.length) {
            grow();
        }
        if (!put(slots, high, low)) {
            return false;
        }
        size++;
        return true;
    }

    private static boolean put(long[] slots, long high, long low) {
        int places = slots.length / 2;
        int place = (int) Math.floorMod(low, (long) places);
        while (slots[2 * place] != 0) {
            if (slots[2 * place] == high && slots[2 * place + 1] == low) {
                return false;
            }
            place = (place + 1) % places;
        }
        slots[2 * place] = high;
        slots[2 * place + 1] = low;
        return true;
    }

    private void grow() {
        long[] larger = new long[Math.multiplyExact(slots.length, 2)];
        for (int i = 0; i < slots.length; i += 2) {
            if (slots[i] != 0) {
                put(larger, slots[i], slots[i + 1]);
            }
        }
        slots = larger;
    }

    private static long word(byte[] bytes, int from) {
        long word = 0;
        for (byte b : Arrays.copyOfRange(bytes, from, from + 8)) {
            word = word << 8 | b & 0xFF;
        }
        return word;
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
