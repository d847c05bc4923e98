package dev.attune.evals.score;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How many items two lists have in common, each as often as both have it. Not thread-safe. */
final class Overlap {
    /** Marks a free place; no run of letters has this code. */
    private static final long FREE = -1;

    private long[] keys = {};
    private int[] counts = {};

    /** The items of both lists, one for one. */
    static <T> int of(List<T> want, List<T> got) {
        Map<T, Integer> open = new HashMap<>();
        want.forEach(item -> open.merge(item, 1, Integer::sum));
        int both = 0;
        for (T item : got) {
            Integer left = open.get(item);
            if (left != null && left > 0) {
                open.put(item, left - 1);
                both++;
            }
        }
        return both;
    }

    /**
     * Runs of n letters that both have.
     *
     * @param bits of a letter; {@code n · bits} is below 64
     */
    int ofRuns(int[] want, int[] got, int n, int bits) {
        if (want.length < n || got.length < n) {
            return 0;
        }
        int size = Integer.highestOneBit(Math.max(8, want.length)) << 2;
        if (keys.length < size) {
            keys = new long[size];
            counts = new int[size];
        }
        Arrays.fill(keys, FREE);
        long mask = (1L << n * bits) - 1;
        long run = 0;
        for (int i = 0; i < want.length; i++) {
            run = (run << bits | want[i]) & mask;
            if (i >= n - 1) {
                int place = place(run);
                counts[place] = keys[place] == FREE ? 1 : counts[place] + 1;
                keys[place] = run;
            }
        }
        int both = 0;
        run = 0;
        for (int i = 0; i < got.length; i++) {
            run = (run << bits | got[i]) & mask;
            if (i >= n - 1) {
                int place = place(run);
                if (keys[place] == run && counts[place] > 0) {
                    counts[place]--;
                    both++;
                }
            }
        }
        return both;
    }

    /** Where the run stands, or may stand. */
    private int place(long run) {
        long mixed = run * 0x9E3779B97F4A7C15L;
        int place = (int) (mixed >>> 32) & keys.length - 1;
        while (keys[place] != FREE && keys[place] != run) {
            place = place + 1 & keys.length - 1;
        }
        return place;
    }
}
