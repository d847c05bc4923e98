package dev.attune.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * All pairs of sets whose Jaccard similarity may reach a threshold t, none missed.
 *
 * <p>Chaudhuri, Ganti and Kaushik (2006), Bayardo, Ma and Srikant (2007): with the elements of all sets in one order, the
 * rarest first, two sets of similarity t or more share an element among the first n − ⌈t·n⌉ + 1 of each, n its size. So only
 * sets that share a rare element are compared. Candidates still have to be verified.
 */
final class PrefixFilter {
    private PrefixFilter() {}

    static void candidates(List<long[]> sets, double threshold, MinHash.Pairs pairs) {
        long[] all = sets.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        Map<Long, List<Integer>> holders = new HashMap<>();
        int[] seenBy = new int[sets.size()];
        for (int i = 0; i < sets.size(); i++) {
            for (long element : prefix(sets.get(i), threshold, all)) {
                List<Integer> before = holders.computeIfAbsent(element, key -> new ArrayList<>(1));
                for (int j : before) {
                    if (seenBy[j] != i) {
                        seenBy[j] = i;
                        pairs.candidate(j, i);
                    }
                }
                before.add(i);
            }
        }
    }

    private static long[] prefix(long[] set, double threshold, long[] all) {
        int length = set.length == 0 ? 0 : set.length - (int) Math.ceil(threshold * set.length - 1e-9) + 1;
        if (length == set.length) {
            return set;
        }
        int[] counts = Arrays.stream(set).mapToInt(element -> after(all, element) - before(all, element)).toArray();
        return IntStream.range(0, set.length).boxed()
                .sorted(Comparator.comparingInt((Integer i) -> counts[i]).thenComparingLong(i -> set[i]))
                .limit(length).mapToLong(i -> set[i]).toArray();
    }

    private static int before(long[] sorted, long element) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < element) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int after(long[] sorted, long element) {
        return element == Long.MAX_VALUE ? sorted.length : before(sorted, element + 1);
    }
}
