package dev.attune.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * All pairs of sets whose Jaccard similarity may reach a threshold t, none missed. Not thread-safe.
 *
 * <p>Chaudhuri, Ganti and Kaushik (2006), Bayardo, Ma and Srikant (2007): with the elements of all sets in one order, the
 * rarest first, two sets of similarity t or more share an element among the first n − ⌈t·n⌉ + 1 of each, n its size. So only
 * sets that share a rare element are compared. Candidates still have to be verified.
 */
final class PrefixFilter {
    private final List<long[]> sets;
    private final double threshold;
    private final long[] all;
    private final Map<Long, List<Integer>> holders = new HashMap<>();
    private final int[] seenBy;

    PrefixFilter(List<long[]> sets, double threshold) {
        this.sets = sets;
        this.threshold = threshold;
        this.all = sets.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        this.seenBy = new int[sets.size()];
    }

    static void candidates(List<long[]> sets, double threshold, MinHash.Pairs pairs) {
        var filter = new PrefixFilter(sets, threshold);
        for (int i = 0; i < sets.size(); i++) {
            int second = i;
            filter.next(i, first -> pairs.candidate(first, second));
        }
    }

    /** Tells which of the sets that were taken before may be near set {@code i}, and takes that. Sets come in their order. */
    void next(int i, IntConsumer candidate) {
        for (long element : prefix(sets.get(i))) {
            List<Integer> before = holders.computeIfAbsent(element, key -> new ArrayList<>(1));
            for (int j : before) {
                if (seenBy[j] != i) {
                    seenBy[j] = i;
                    candidate.accept(j);
                }
            }
            before.add(i);
        }
    }

    private long[] prefix(long[] set) {
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
