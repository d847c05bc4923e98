package dev.attune.engine.model;

import dev.attune.engine.config.Precision;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * How far the heads of each token of a pass are turned (rotary position embedding, half-split layout). Shapes: B rows, T
 * tokens a row, R turned dimensions.
 *
 * @param cos shape (B, T, 1, R / 2)
 * @param sin shape (B, T, 1, R / 2)
 */
record Turn(Tensor cos, Tensor sin) {

    /** The same in the numbers of what is turned. */
    Turn in(Precision precision) {
        return new Turn(precision.of(cos), precision.of(sin));
    }

    /**
     * Turns the heads of {@code from} into {@code to}; both have any strides and shape (B, T, heads, headSize) or (B, T,
     * groups, heads of a group, headSize).
     *
     * @param direction 1 forward; −1 turns back, which is also the gradient
     */
    void apply(Tensor from, Tensor to, int direction) {
        boolean grouped = from.dim() == 5;
        Tensor cosines = grouped ? cos.unsqueeze(2) : cos;
        Tensor sines = grouped ? sin.unsqueeze(2) : sin;
        long half = cos.size(3);
        long rest = from.size(-1) - 2 * half;
        Tensor first = from.narrow(-1, 0, half);
        Tensor second = from.narrow(-1, half, half);
        Tensor toFirst = to.narrow(-1, 0, half);
        Tensor toSecond = to.narrow(-1, half, half);
        torch.mul_out(toFirst, first, cosines);
        toFirst.addcmul_(second, sines, new Scalar((float) -direction));
        torch.mul_out(toSecond, second, cosines);
        toSecond.addcmul_(first, sines, new Scalar((float) direction));
        if (rest > 0) {
            to.narrow(-1, 2 * half, rest).copy_(from.narrow(-1, 2 * half, rest));
        }
    }
}
