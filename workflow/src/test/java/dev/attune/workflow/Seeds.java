package dev.attune.workflow;

import java.util.Random;

/** The seed of a randomised test: printed once, and replayed with {@code -Dattune.seed=N}. */
final class Seeds {
    private Seeds() {}

    static Random random(String test) {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println(test + ": replay with -Dattune.seed=" + seed);
        return new Random(seed);
    }
}
