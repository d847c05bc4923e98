package dev.attune.engine;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * The adapter's share of one group of linear layers that read the same input.
 *
 * @param down all A of the group stacked, shape (R, in)
 * @param downGradient its gradient, or an empty tensor
 */
record LoraFactors(Tensor down, Tensor downGradient, double scale, List<Up> ups) {

    /**
     * The B of one layer of the group.
     *
     * @param column first output column of the layer within the group
     * @param columns outputs of the layer
     * @param rankFrom first row of its A in {@link LoraFactors#down}
     * @param up B, shape (columns, rank)
     * @param upGradient its gradient, or an empty tensor
     */
    record Up(long column, long columns, long rankFrom, long rank, Tensor up, Tensor upGradient) {}
}
