package dev.attune.engine;

import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One product with a weight matrix (or with a group of them that read the same input), forward and backward, with the
 * low-rank terms of an adapter. The gradient of a frozen weight is never formed.
 */
final class Projection {
    private final Tensor weight;
    private final Tensor gradient;
    private final Tensor half;
    private final boolean trained;
    private final boolean halfProducts;

    /**
     * @param weight shape (out, in)
     * @param gradient of the same shape if {@code trained}
     * @param half the weight in bfloat16 if {@code halfProducts}
     */
    Projection(Tensor weight, Tensor gradient, boolean trained, Tensor half, boolean halfProducts) {
        this.weight = weight;
        this.gradient = gradient;
        this.trained = trained;
        this.half = half;
        this.halfProducts = halfProducts;
    }

    /**
     * What the backward pass needs of a forward pass.
     *
     * @param output shape (N, out)
     * @param lowRank x·Aᵀ of the adapter, shape (N, R); empty without one
     */
    record Result(Tensor output, Optional<Tensor> lowRank) {
    }

    /** How many outputs there are. */
    long outputs() {
        return weight.size(0);
    }

    /** y = x·Wᵀ + s·(x·Aᵀ)·Bᵀ for x of shape (N, in). */
    Result forward(Tensor x, Optional<LoraFactors> adapter) {
        Tensor y = product(x, weight.t(), half, true);
        if (adapter.isEmpty()) {
            return new Result(y, Optional.empty());
        }
        LoraFactors lora = adapter.get();
        Tensor lowRank = torch.mm(x, lora.down().t());
        var scale = new Scalar((float) lora.scale());
        for (LoraFactors.Up up : lora.ups()) {
            y.narrow(1, up.column(), up.columns()).addmm_(lowRank.narrow(1, up.rankFrom(), up.rank()), up.up().t(),
                    new Scalar(1f), scale);
        }
        return new Result(y, Optional.of(lowRank));
    }

    private Tensor product(Tensor x, Tensor matrix, Tensor halfWeight, boolean transposed) {
        if (!halfProducts) {
            return torch.mm(x, matrix);
        }
        return Tensors.float32(torch.mm(Tensors.bfloat16(x), transposed ? halfWeight.t() : halfWeight));
    }

    /**
     * Adds to the gradients of what is trained and gives the gradient of x.
     *
     * @param dy gradient of the output, shape (N, out)
     * @param x the input of the forward pass
     * @param lowRank of the forward pass
     * @param needsInput whether anything below is trained
     * @return dx, shape (N, in); empty if it is not needed
     */
    Optional<Tensor> backward(Tensor dy, Tensor x, Optional<Tensor> lowRank, Optional<LoraFactors> adapter,
            boolean needsInput) {
        if (trained) {
            accumulate(dy, x);
        }
        Optional<Tensor> dx = needsInput ? Optional.of(product(dy, weight, half, false)) : Optional.empty();
        if (adapter.isPresent()) {
            backwardAdapter(dy, x, lowRank.orElseThrow(), adapter.get(), dx);
        }
        return dx;
    }

    private void accumulate(Tensor dy, Tensor x) {
        if (halfProducts) {
            gradient.add_(Tensors.float32(torch.mm(Tensors.bfloat16(dy).t(), Tensors.bfloat16(x))));
        } else {
            gradient.addmm_(dy.t(), x);
        }
    }

    private static void backwardAdapter(Tensor dy, Tensor x, Tensor lowRank, LoraFactors lora, Optional<Tensor> dx) {
        var scale = new Scalar((float) lora.scale());
        Tensor dLowRank = Tensors.empty(dy.size(0), lora.down().size(0));
        for (LoraFactors.Up up : lora.ups()) {
            Tensor dyPart = dy.narrow(1, up.column(), up.columns());
            torch.mm_out(dLowRank.narrow(1, up.rankFrom(), up.rank()), dyPart, up.up());
            if (up.upGradient().numel() > 0) {
                up.upGradient().addmm_(dyPart.t(), lowRank.narrow(1, up.rankFrom(), up.rank()), new Scalar(1f), scale);
            }
        }
        dLowRank.mul_(scale);
        if (lora.downGradient().numel() > 0) {
            lora.downGradient().addmm_(dLowRank.t(), x);
        }
        dx.ifPresent(gradient -> gradient.addmm_(dLowRank, lora.down()));
    }
}
