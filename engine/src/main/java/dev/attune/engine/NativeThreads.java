package dev.attune.engine;

import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/**
 * How many threads one operation is computed with, in libtorch and in the OpenBLAS beneath it, which does not follow
 * libtorch's setting: left at all cores, two busy processes wait for each other's threads and are ten times slower. The
 * rounding of a sum depends on the number.
 */
public final class NativeThreads {
    private NativeThreads() {
    }

    /** Sets it: in libtorch for the calling thread and new ones, in OpenBLAS for the whole process. */
    public static void use(int threads) {
        torch.set_num_threads(threads);
        openblas_nolapack.blas_set_num_threads(threads);
    }
}
