package dev.attune.engine.data;

import java.util.Random;

/**
 * In which order an epoch takes the examples: a shuffle (Fisher and Yates) that follows from seed and epoch alone, so
 * that a trainer can stand at any position of any epoch without having gone there.
 */
final class EpochOrder {
    private EpochOrder() {}

    /** The examples' indices for one epoch, counted from 0. */
    static int[] of(long seed, int epoch, int examples) {
        var order = new int[examples];
        for (int i = 0; i < examples; i++) {
            order[i] = i;
        }
        var random = new Random(seed * 0x9E3779B97F4A7C15L + epoch * 0xBF58476D1CE4E5B9L + 1);
        for (int i = examples - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int held = order[i];
            order[i] = order[j];
            order[j] = held;
        }
        return order;
    }
}
