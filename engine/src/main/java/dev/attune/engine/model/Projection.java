package dev.attune.engine.model;

import dev.attune.engine.tensor.KeptTensors;
import dev.attune.engine.tensor.Tensors;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One product with a weight matrix (or with several that read the same input), forward and backward, with the low-rank
 * terms of an adapter. The gradient of a frozen weight is never formed.
 */
final class Projection {
    private final List<Tensor> matrices;
    private final Optional<Weight> trained;
    private final Optional<Weight> bias;
    private final boolean half;
    private final long outputs;

    /**
     * @param matrices what is multiplied: shapes (outᵢ, in), all of 32-bit floats or all of bfloat16; their outputs lie
     *        side by side
     * @param trained the same as one matrix of 32-bit floats, where it is trained
     * @param bias shape (out)
     */
    Projection(List<Tensor> matrices, Optional<Weight> trained, Optional<Weight> bias) {
        this.matrices = List.copyOf(matrices);
        this.trained = trained;
        this.bias = bias;
        this.half = Tensors.isBfloat16(matrices.getFirst());
        this.outputs = matrices.stream().mapToLong(matrix -> matrix.size(0)).sum();
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

    /** Whether products are made in bfloat16. */
    boolean half() {
        return half;
    }

    /** How many outputs there are. */
    long outputs() {
        return outputs;
    }

    /** y = x·Wᵀ + b + s·(x·Aᵀ)·Bᵀ for x of shape (N, in), in its type, which is that of the factors too. */
    Result forward(Tensor x, Optional<LoraFactors> adapter) {
        return forward(x, adapter, false);
    }

    /**
     * @param keepHalf whether a product made in bfloat16 may stay so; never with an adapter
     */
    Result forward(Tensor x, Optional<LoraFactors> adapter, boolean keepHalf) {
        Tensor input = operand(x);
        Tensor made = product(input);
        Tensor y = keepHalf && adapter.isEmpty() ? made : outward(made, x);
        bias.ifPresent(present -> y.add_(present.value()));
        return new Result(y, half && trained.isPresent() ? Optional.of(input) : Optional.empty(),
                adapter.map(lora -> LoraProduct.addTo(y, x, lora, this::rows, bias.map(Weight::value))));
    }

    /** Whether the backward pass reads the input of the forward pass. */
    boolean readsInputAgain(Optional<LoraFactors> adapter) {
        return adapter.isPresent() || trained.isPresent() && !half;
    }

    /** The rows of some outputs, which are those of one layer, in 32-bit floats. */
    private Tensor rows(long column, long columns) {
        long from = column;
        for (Tensor matrix : matrices) {
            if (from < matrix.size(0)) {
                Tensor rows = matrix.narrow(0, from, columns);
                return half ? Tensors.float32(rows) : rows;
            }
            from -= matrix.size(0);
        }
        throw new IllegalArgumentException("there are " + outputs + " outputs, but not from " + column);
    }

    /** A product in the type of the activations: that of the operand, and where weights are trained 32-bit floats. */
    private Tensor outward(Tensor made, Tensor operand) {
        return trained.isPresent() ? Tensors.wide(made) : Tensors.like(operand, made);
    }

    private Tensor operand(Tensor x) {
        return Tensors.like(matrices.getFirst(), x);
    }

    private Tensor product(Tensor input) {
        if (matrices.size() == 1) {
            return torch.mm(input, matrices.getFirst().t());
        }
        Tensor y = input.new_empty(input.size(0), outputs);
        long column = 0;
        for (Tensor matrix : matrices) {
            torch.mm_out(y.narrow(1, column, matrix.size(0)), input, matrix.t());
            column += matrix.size(0);
        }
        return y;
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
        Tensor dOutput = adapter.isPresent()
                ? LoraProduct.beforeMagnitudes(dy, forward.lora.orElseThrow(), adapter.get())
                : dy;
        Tensor operand = operand(dOutput);
        trained.ifPresent(weight -> {
            if (half) {
                weight.gradient().add_(torch.mm(operand.t(), forward.halfInput.orElseThrow()));
            } else {
                weight.gradient().addmm_(dy.t(), x);
            }
        });
        bias.filter(Weight::trained)
                .ifPresent(present -> present.gradient().add_((half ? Tensors.float32(dy) : dy).sum(0)));
        Optional<Tensor> dx = needsInput ? Optional.of(gradientOfInput(operand)) : Optional.empty();
        Optional<Tensor> whole = keepHalf && adapter.isEmpty() ? dx : dx.map(made -> outward(made, dy));
        adapter.ifPresent(lora -> LoraProduct.backward(dOutput, x, forward.lora.orElseThrow(), lora, whole));
        return whole;
    }

    private Tensor gradientOfInput(Tensor dy) {
        long column = matrices.getFirst().size(0);
        Tensor dx = torch.mm(matrices.size() == 1 ? dy : dy.narrow(1, 0, column), matrices.getFirst());
        for (Tensor matrix : matrices.subList(1, matrices.size())) {
            dx.addmm_(dy.narrow(1, column, matrix.size(0)), matrix);
            column += matrix.size(0);
        }
        return dx;
    }
}
