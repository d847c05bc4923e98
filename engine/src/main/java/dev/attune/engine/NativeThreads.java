package dev.attune.engine;

import org.bytedeco.pytorch.global.torch;

/** How many threads libtorch computes one operation with. */
public final class NativeThreads {
    private NativeThreads() {
    }

    /**
     * Sets it for operations that the calling thread starts. A process whose threads each compute alone should also be
     * started with {@code OMP_NUM_THREADS=1}: the matrix library reads it once for all.
     */
    public static void use(int threads) {
        torch.set_num_threads(threads);
    }
}
