package dev.attune.engine;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One product with a weight matrix (or with a group of them that read the same input), forward and backward, with the
 * low-rank terms of an adapter. The gradient of a frozen weight is never formed.
 */
final class Projection {
    private final Weight weight;
    private final Optional<Weight> bias;
    private final Optional<Tensor> half;

    /**
     * @param weight shape (out, in)
     * @param bias shape (out)
     * @param half the weight in bfloat16, where products are made in it
     */
    Projection(Weight weight, Optional<Weight> bias, Optional<Tensor> half) {
        this.weight = weight;
        this.bias = bias;
        this.half = half;
    }

    /**
     * What the backward pass needs of a forward pass.
     *
     * @param output shape (N, out)
     * @param halfInput x in bfloat16, where products are made in it and the weight is trained
     * @param lora of the adapter; empty without one
     */
    record Result(Tensor output, Optional<Tensor> halfInput, Optional<LoraProduct.Result> lora) {

        /** Keeps all but the output, which the backward pass does not read. */
        void keep(KeptTensors kept) {
            halfInput.ifPresent(kept::keep);
            lora.ifPresent(present -> present.keep(kept));
        }
    }

    /** How many outputs there are. */
    long outputs() {
        return weight.value().size(0);
    }

    /** y = x·Wᵀ + b + s·(x·Aᵀ)·Bᵀ for x of shape (N, in), in 32-bit floats. */
    Result forward(Tensor x, Optional<LoraFactors> adapter) {
        return forward(x, adapter, false);
    }

    /**
     * @param keepHalf whether a product made in bfloat16 may stay so; never with an adapter
     */
    Result forward(Tensor x, Optional<LoraFactors> adapter, boolean keepHalf) {
        Tensor input = operand(x);
        Tensor y = product(input, keepHalf && adapter.isEmpty());
        return new Result(y, half.isPresent() && weight.trained() ? Optional.of(input) : Optional.empty(),
                adapter.map(lora -> LoraProduct.addTo(y, x, lora)));
    }

    /** Whether the backward pass reads the input of the forward pass. */
    boolean readsInputAgain(Optional<LoraFactors> adapter) {
        return adapter.isPresent() || weight.trained() && half.isEmpty();
    }

    private Tensor product(Tensor input, boolean keepHalf) {
        if (half.isEmpty()) {
            Tensor matrix = weight.value().t();
            return bias.map(present -> torch.addmm(present.value(), input, matrix))
                    .orElseGet(() -> torch.mm(input, matrix));
        }
        Tensor made = torch.mm(input, half.get().t());
        Tensor y = keepHalf ? made : Tensors.float32(made);
        bias.ifPresent(present -> y.add_(present.value()));
        return y;
    }

    private Tensor operand(Tensor x) {
        return half.isPresent() ? Tensors.bfloat16(x) : x;
    }

    /**
     * Adds to the gradients of what is trained and gives the gradient of x.
     *
     * @param dy gradient of the output, shape (N, out)
     * @param x the input of the forward pass; not read unless {@link #readsInputAgain}
     * @param forward of the forward pass
     * @param needsInput whether anything below is trained
     * @param keepHalf whether dx may stay in bfloat16 where products are
     * @return dx, shape (N, in); empty if it is not needed
     */
    Optional<Tensor> backward(Tensor dy, Tensor x, Result forward, Optional<LoraFactors> adapter, boolean needsInput,
            boolean keepHalf) {
        Tensor operand = operand(dy);
        if (weight.trained()) {
            if (half.isPresent()) {
                weight.gradient().add_(torch.mm(operand.t(), forward.halfInput.orElseThrow()));
            } else {
                weight.gradient().addmm_(dy.t(), x);
            }
            bias.ifPresent(present -> present.gradient()
                    .add_((half.isPresent() ? Tensors.float32(dy) : dy).sum(0)));
        }
        Optional<Tensor> dx = needsInput
                ? Optional.of(gradientOfInput(operand, keepHalf && adapter.isEmpty()))
                : Optional.empty();
        adapter.ifPresent(lora -> LoraProduct.backward(dy, x, forward.lora.orElseThrow(), lora, dx));
        return dx;
    }

    private Tensor gradientOfInput(Tensor operand, boolean keepHalf) {
        if (half.isEmpty()) {
            return torch.mm(operand, weight.value());
        }
        Tensor dx = torch.mm(operand, half.get());
        return keepHalf ? dx : Tensors.float32(dx);
    }
}
