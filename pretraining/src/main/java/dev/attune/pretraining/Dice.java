package dev.attune.pretraining;

import java.util.ArrayList;
import java.util.List;

/**
 * The chance of one example: a small random generator (SplitMix64) made of a seed and an index, so that whatever is
 * drawn is a pure function of the two. Not thread-safe; each example has its own.
 */
final class Dice {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;
    private final boolean heldOut;

    /**
     * @param heldOut whether invented words come from the part that training never sees (see {@link Invented})
     */
    Dice(long seed, long index, boolean heldOut) {
        this.state = mix(seed * GOLDEN + 1) ^ mix(index + 0x5851F42D4C957F2DL);
        this.heldOut = heldOut;
    }

    boolean heldOut() {
        return heldOut;
    }

    long next() {
        state += GOLDEN;
        return mix(state);
    }

    /** A number in {@code [0, bound)}. */
    int below(int bound) {
        return (int) ((next() >>> 33) % bound);
    }

    /** A number in {@code [low, high]}. */
    int between(int low, int high) {
        return low + below(high - low + 1);
    }

    boolean chance(double probability) {
        return (next() >>> 11) * 0x1.0p-53 < probability;
    }

    @SafeVarargs
    final <T> T of(T... choices) {
        return choices[below(choices.length)];
    }

    <T> T pick(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    /** {@code count} different elements in random order; all of them where there are fewer. */
    <T> List<T> sample(List<T> choices, int count) {
        var copy = new ArrayList<>(choices);
        int n = Math.min(count, copy.size());
        for (int i = 0; i < n; i++) {
            int j = i + below(copy.size() - i);
            T swap = copy.get(i);
            copy.set(i, copy.get(j));
            copy.set(j, swap);
        }
        return new ArrayList<>(copy.subList(0, n));
    }

    <T> List<T> shuffled(List<T> items) {
        return sample(items, items.size());
    }

    /** An index drawn by weight. */
    int weighted(double[] weights) {
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        double at = (next() >>> 11) * 0x1.0p-53 * total;
        for (int i = 0; i < weights.length; i++) {
            at -= weights[i];
            if (at < 0) {
                return i;
            }
        }
        return weights.length - 1;
    }

    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
