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
        for (long shingle : set) {
            lower(signature, shingle);
        }
        return signature;
    }

    /** A loop without branches over neighbouring longs, which the compiler turns into instructions for many at once. */
    private static void lower(long[] signature, long shingle) {
        for (int k = 0; k < BANDS * ROWS; k++) {
            signature[k] = Math.min(signature[k], FACTORS[k] * shingle + SUMMANDS[k]);
        }
    }

    /** The hashes of all bands of a set's signature; none where the set is empty. */
    static long[] bands(long[] set) {
        if (set.length == 0) {
            return set;
        }
        long[] signature = signature(set);
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
