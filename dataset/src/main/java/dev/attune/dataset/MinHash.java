package dev.attune.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Candidates for near-duplicates among many sets: MinHash signatures of b·r = 16·8 minima, cut into b bands; two sets are
 * candidates where a whole band agrees.
 *
 * <p>Broder 1997; the chance that sets of Jaccard similarity J become candidates is 1 − (1 − J^r)^b: 0.06 at 0.5, 0.61 at
 * 0.7, 0.95 at 0.8, 0.9999 at 0.9. Candidates still have to be verified.
 */
final class MinHash {
    static final int BANDS = 16;
    static final int ROWS = 8;

    private static final long[] FACTORS = LongStream.rangeClosed(1, BANDS * ROWS).map(k -> Shingles.mix(k) | 1)
            .toArray();
    private static final long[] SUMMANDS = LongStream.rangeClosed(1, BANDS * ROWS).map(k -> Shingles.mix(-k))
            .toArray();

    private MinHash() {}

    /** Told each pair of candidates, perhaps more than once; {@code first < second}. */
    @FunctionalInterface
    interface Pairs {
        void candidate(int first, int second);
    }

    static void candidates(List<long[]> sets, Pairs pairs) {
        List<Map<Long, List<Integer>>> bands = new ArrayList<>();
        for (int band = 0; band < BANDS; band++) {
            bands.add(new HashMap<>());
        }
        for (int i = 0; i < sets.size(); i++) {
            if (sets.get(i).length == 0) {
                continue;
            }
            long[] signature = signature(sets.get(i));
            for (int band = 0; band < BANDS; band++) {
                bands.get(band).computeIfAbsent(key(signature, band), key -> new ArrayList<>(2)).add(i);
            }
        }
        for (Map<Long, List<Integer>> band : bands) {
            for (List<Integer> bucket : band.values()) {
                int leaders = leaders(bucket.size());
                for (int i = 0; i < leaders; i++) {
                    for (int j = i + 1; j < bucket.size(); j++) {
                        pairs.candidate(bucket.get(i), bucket.get(j));
                    }
                }
            }
        }
    }

    /**
     * How many of the first members of a bucket its members are compared with: all in a bucket of up to 100, fewer in larger
     * ones, so that the work does not grow with the square of the rows where all fill in one template.
     */
    static int leaders(int members) {
        return members == 0 ? 0 : Math.min(members, Math.clamp(10_000 / members, 1, 100));
    }

    /** The least values of 128 linear functions of the elements, which are hashes already. */
    static long[] signature(long[] set) {
        long[] signature = new long[BANDS * ROWS];
        Arrays.fill(signature, Long.MAX_VALUE);
        lower(signature, set, 0);
        return signature;
    }

    /** Takes the elements from a place on into a signature, four at a time, so that it is read and written a quarter as often. */
    private static void lower(long[] signature, long[] set, int from) {
        int at = from;
        for (; at + 4 <= set.length; at += 4) {
            lower(signature, set[at], set[at + 1], set[at + 2], set[at + 3]);
        }
        for (; at < set.length; at++) {
            lower(signature, set[at]);
        }
    }

    /** A loop without branches over neighbouring longs, which the compiler turns into instructions for many at once. */
    private static void lower(long[] signature, long shingle) {
        for (int k = 0; k < BANDS * ROWS; k++) {
            signature[k] = Math.min(signature[k], FACTORS[k] * shingle + SUMMANDS[k]);
        }
    }

    private static void lower(long[] signature, long one, long two, long three, long four) {
        for (int k = 0; k < BANDS * ROWS; k++) {
            long factor = FACTORS[k];
            long summand = SUMMANDS[k];
            long first = Math.min(factor * one + summand, factor * two + summand);
            long second = Math.min(factor * three + summand, factor * four + summand);
            signature[k] = Math.min(signature[k], Math.min(first, second));
        }
    }

    /** The hashes of all bands of a set's signature; none where the set is empty. */
    static long[] bands(long[] set) {
        return set.length == 0 ? set : keys(signature(set));
    }

    /**
     * The hashes of all bands of two sets, of which one begins the other: what the beginning shows is worked out once.
     *
     * @param set elements, perhaps some more than once
     * @param beginning how many of its first elements are the other set; none of that where it is 0
     * @return the bands of the beginning, and those of the whole
     */
    static long[][] bands(long[] set, int beginning) {
        long[] signature = new long[BANDS * ROWS];
        Arrays.fill(signature, Long.MAX_VALUE);
        long[] first = Shingles.NONE;
        if (beginning > 0) {
            lower(signature, Arrays.copyOf(set, beginning), 0);
            first = keys(signature);
        }
        lower(signature, set, beginning);
        return new long[][]{first, set.length == 0 ? Shingles.NONE : keys(signature)};
    }

    private static long[] keys(long[] signature) {
        long[] bands = new long[BANDS];
        for (int band = 0; band < BANDS; band++) {
            bands[band] = key(signature, band);
        }
        return bands;
    }

    /** A hash of one band of a signature. */
    static long key(long[] signature, int band) {
        long key = band;
        for (int row = 0; row < ROWS; row++) {
            key = Shingles.mix(key * 31 + signature[band * ROWS + row]);
        }
        return key;
    }
}
