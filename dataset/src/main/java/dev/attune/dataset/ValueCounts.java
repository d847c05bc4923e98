package dev.attune.dataset;

import java.util.Map;
import java.util.TreeMap;

/** How often each number was seen: all that a {@link Distribution} needs, without keeping the numbers. Not thread-safe. */
final class ValueCounts {
    private final Map<Long, Integer> counts = new TreeMap<>();
    private int size;

    void add(long value) {
        counts.merge(value, 1, Integer::sum);
        size++;
    }

    /** The same as {@link Distribution#of} of all numbers. */
    Distribution distribution() {
        if (size == 0) {
            return Distribution.of();
        }
        long total = 0;
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        for (var entry : counts.entrySet()) {
            total += entry.getKey() * entry.getValue();
            min = Math.min(min, entry.getKey());
            max = Math.max(max, entry.getKey());
        }
        return new Distribution(size, total, min, quantile(0.05), quantile(0.1), quantile(0.5), (double) total / size,
                quantile(0.9), quantile(0.95), max);
    }

    private double quantile(double p) {
        double at = p * (size - 1);
        int below = (int) Math.floor(at);
        long lower = at(below);
        return lower + (at - below) * (at(Math.min(below + 1, size - 1)) - lower);
    }

    /** The number at a place in the order from the smallest to the largest. */
    private long at(int place) {
        long passed = 0;
        for (var entry : counts.entrySet()) {
            passed += entry.getValue();
            if (passed > place) {
                return entry.getKey();
            }
        }
        throw new IllegalStateException("There are only " + size + " numbers.");
    }
}
