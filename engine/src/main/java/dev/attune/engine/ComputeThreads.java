package dev.attune.engine;

import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/**
 * How many threads one product is computed with, in libtorch and in the OpenBLAS beneath it, which does not follow
 * libtorch's setting. The rounding of a sum depends on the number, so a job keeps the one it began with. It holds for the
 * whole process.
 */
final class ComputeThreads {
    private ComputeThreads() {}

    static void use(int threads) {
        torch.set_num_threads(threads);
        openblas_nolapack.blas_set_num_threads(threads);
    }
}
