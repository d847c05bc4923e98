package dev.attune.engine;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Root-mean-square normalisation (Zhang and Sennrich 2019), forward and backward: y = w · x / √(mean(x²) + ε).
 */
final class RmsNorm {
    private final Tensor weight;
    private final Tensor gradient;
    private final boolean trained;
    private final double epsilon;

    /**
     * @param weight shape (D)
     * @param gradient of the same shape if {@code trained}
     */
    RmsNorm(Tensor weight, Tensor gradient, boolean trained, double epsilon) {
        this.weight = weight;
        this.gradient = gradient;
        this.trained = trained;
        this.epsilon = epsilon;
    }

    /** Output of shape (N, D) and the inverse root mean squares, shape (N, 1). */
    record Result(Tensor output, Tensor inverse) {}

    Result forward(Tensor x) {
        Tensor inverse = x.square().mean(new long[]{-1}, true, new org.bytedeco.pytorch.ScalarTypeOptional());
        inverse.add_(new Scalar(epsilon)).rsqrt_();
        return new Result(x.mul(inverse).mul_(weight), inverse);
    }

    /** The gradient of x, to be added to the residual's own; adds to the weight's gradient if it is trained. */
    Tensor backward(Tensor dy, Tensor x, Tensor inverse) {
        Tensor normal = x.mul(inverse);
        if (trained) {
            gradient.add_(dy.mul(normal).sum(0));
        }
        Tensor dNormal = dy.mul(weight);
        Tensor dot = torch.mul(dNormal, normal).mean(new long[]{-1}, true,
                new org.bytedeco.pytorch.ScalarTypeOptional());
        return dNormal.sub_(normal.mul_(dot)).mul_(inverse);
    }
}
