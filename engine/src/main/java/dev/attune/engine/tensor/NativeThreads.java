package dev.attune.engine.tensor;

import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.global.torch;

/**
 * How many threads one operation is computed with, in libtorch and in the OpenBLAS beneath it, which does not follow
 * libtorch's setting: left at all cores, two busy processes wait for each other's threads and are ten times slower. The
 * rounding of a sum depends on the number.
 */
public final class NativeThreads {
    private NativeThreads() {}

    /** Sets it: in libtorch for the calling thread and new ones, in OpenBLAS for the whole process. */
    public static void use(int threads) {
        torch.set_num_threads(threads);
        openblas_nolapack.blas_set_num_threads(threads);
    }

    /**
     * Makes operations of the calling thread take numbers below 1e-38 as 0. Gradients of attention are full of them, and
     * the processor computes with them a hundred times slower.
     */
    public static void flushTinyNumbers() {
        Context.setFlushDenormal(true);
    }
}
