package dev.attune.evals;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Insertions, deletions and replacements that turn one sequence into another (Levenshtein 1966), 64 cells of the table at a
 * time: the differences of neighbouring cells are −1, 0 or 1 and are held as bits (Myers 1999, in the form of Hyyrö 2003).
 * Thread-safe.
 */
public final class EditDistance {
    private static final int BITS = 64;

    private EditDistance() {}

    /** How many code points are to be inserted, deleted or changed to make one text of the other. */
    public static int of(String a, String b) {
        return of(a.codePoints().toArray(), b.codePoints().toArray());
    }

    /** The same for texts that are code points already. Takes {@code a.length / 64 × b.length} steps. */
    public static int of(int[] a, int[] b) {
        if (a.length == 0 || b.length == 0) {
            return a.length + b.length;
        }
        int blocks = (a.length + BITS - 1) / BITS;
        Map<Integer, long[]> places = places(a, blocks);
        long[] none = new long[blocks];
        long[] rises = new long[blocks];
        long[] falls = new long[blocks];
        Arrays.fill(rises, -1L);
        int lastBit = (a.length - 1) % BITS;
        int distance = a.length;
        for (int letter : b) {
            long[] same = places.getOrDefault(letter, none);
            int carry = 1;
            for (int i = 0; i < blocks; i++) {
                carry = column(i, same[i], rises, falls, carry, i == blocks - 1 ? lastBit : BITS - 1);
            }
            distance += carry;
        }
        return distance;
    }

    /** Where each letter stands, as bits. */
    private static Map<Integer, long[]> places(int[] a, int blocks) {
        Map<Integer, long[]> places = new HashMap<>();
        for (int i = 0; i < a.length; i++) {
            places.computeIfAbsent(a[i], letter -> new long[blocks])[i / BITS] |= 1L << (i % BITS);
        }
        return places;
    }

    /**
     * One block of a column.
     *
     * @param carry the horizontal difference that comes in from above, −1, 0 or 1
     * @param bit the row whose horizontal difference goes out below
     */
    private static int column(int block, long same, long[] rises, long[] falls, int carry, int bit) {
        long rise = rises[block];
        long fall = falls[block];
        long matches = same | (carry < 0 ? 1L : 0L);
        long vertical = same | fall;
        long diagonal = ((matches & rise) + rise ^ rise) | matches;
        long up = fall | ~(diagonal | rise);
        long down = rise & diagonal;
        int out = (int) (up >>> bit & 1) - (int) (down >>> bit & 1);
        up = up << 1 | (carry > 0 ? 1L : 0L);
        down = down << 1 | (carry < 0 ? 1L : 0L);
        rises[block] = down | ~(vertical | up);
        falls[block] = up & vertical;
        return out;
    }
}
