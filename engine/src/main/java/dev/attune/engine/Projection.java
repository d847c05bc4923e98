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
     * @param input what was multiplied: x, in bfloat16 where products are
     * @param lowRank x·Aᵀ of the adapter, shape (N, R); empty without one
     */
    record Result(Tensor output, Tensor input, Optional<Tensor> lowRank) {}

    /** How many outputs there are. */
    long outputs() {
        return weight.size(0);
    }

    /** y = x·Wᵀ + s·(x·Aᵀ)·Bᵀ for x of shape (N, in), in 32-bit floats. */
    Result forward(Tensor x, Optional<LoraFactors> adapter) {
        return forward(x, adapter, false);
    }

    /**
     * @param keepHalf whether a product made in bfloat16 may stay so; never with an adapter
     */
    Result forward(Tensor x, Optional<LoraFactors> adapter, boolean keepHalf) {
        Tensor input = operand(x);
        Tensor made = torch.mm(input, halfProducts ? half.t() : weight.t());
        Tensor y = halfProducts && !(keepHalf && adapter.isEmpty()) ? Tensors.float32(made) : made;
        if (adapter.isEmpty()) {
            return new Result(y, input, Optional.empty());
        }
        LoraFactors lora = adapter.get();
        Tensor lowRank = torch.mm(x, lora.down().t());
        var scale = new Scalar((float) lora.scale());
        for (LoraFactors.Up up : lora.ups()) {
            y.narrow(1, up.column(), up.columns()).addmm_(lowRank.narrow(1, up.rankFrom(), up.rank()), up.up().t(),
                    new Scalar(1f), scale);
        }
        return new Result(y, input, Optional.of(lowRank));
    }

    private Tensor operand(Tensor x) {
        return halfProducts ? Tensors.bfloat16(x) : x;
    }

    /**
     * Adds to the gradients of what is trained and gives the gradient of x.
     *
     * @param dy gradient of the output, shape (N, out)
     * @param x the input of the forward pass
     * @param forward of the forward pass
     * @param needsInput whether anything below is trained
     * @param keepHalf whether dx may stay in bfloat16 where products are
     * @return dx, shape (N, in); empty if it is not needed
     */
    Optional<Tensor> backward(Tensor dy, Tensor x, Result forward, Optional<LoraFactors> adapter, boolean needsInput,
            boolean keepHalf) {
        Tensor operand = operand(dy);
        if (trained && halfProducts) {
            gradient.add_(torch.mm(operand.t(), forward.input));
        } else if (trained) {
            gradient.addmm_(dy.t(), x);
        }
        Optional<Tensor> dx = needsInput
                ? Optional.of(gradientOfInput(operand, keepHalf && adapter.isEmpty()))
                : Optional.empty();
        if (adapter.isPresent()) {
            backwardAdapter(dy, x, forward.lowRank.orElseThrow(), adapter.get(), dx);
        }
        return dx;
    }

    private Tensor gradientOfInput(Tensor operand, boolean keepHalf) {
        Tensor dx = torch.mm(operand, halfProducts ? half : weight);
        return halfProducts && !keepHalf ? Tensors.float32(dx) : dx;
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
