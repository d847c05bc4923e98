package dev.attune.engine.model;

import dev.attune.engine.tensor.KeptTensors;

import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The magnitude m of one layer of a DoRA adapter (Liu et al. 2024): the layer's rows have the length m and the direction
 * of W + s·B·A, so that its outputs are (m / n) ∘ (x·Wᵀ + s·(x·Aᵀ)·Bᵀ) + b with the row norms n = ‖W + s·B·A‖. As in the
 * paper and in PEFT, n counts as a constant on the way back.
 *
 * <p>Where nothing is trained, m / n is computed once and kept. Thread-safe then, else of one thread. Closed by its
 * adapter.
 */
final class Magnitude implements AutoCloseable {
    private final Tensor value;
    private final Tensor gradient;
    private Optional<Tensor> frozenScale = Optional.empty();

    /**
     * @param value m, shape (outputs)
     * @param gradient its gradient, or an empty tensor
     */
    Magnitude(Tensor value, Tensor gradient) {
        this.value = value;
        this.gradient = gradient;
    }

    /**
     * What the backward pass needs.
     *
     * @param direction x·Wᵀ + s·(x·Aᵀ)·Bᵀ, shape (N, outputs)
     * @param norm n, shape (outputs)
     * @param scale m / n
     */
    record Scaled(Tensor direction, Tensor norm, Tensor scale) {
        void keep(KeptTensors kept) {
            kept.keep(direction);
            kept.keep(norm);
            kept.keep(scale);
        }
    }

    /**
     * Scales a layer's outputs in place.
     *
     * @param outputs of the layer with its low-rank term and its bias, shape (N, outputs)
     * @param weight W, shape (outputs, inputs)
     * @param bias b
     * @param a A, shape (rank, inputs)
     * @return what the backward pass needs; empty where nothing is trained
     */
    Optional<Scaled> apply(Tensor outputs, Tensor weight, Optional<Tensor> bias, LoraFactors.Up up, Tensor a) {
        bias.ifPresent(outputs::sub_);
        Optional<Scaled> scaled = Optional.empty();
        if (gradient.numel() > 0) {
            Tensor norm = norm(weight, up.up(), a, up.scale());
            scaled = Optional.of(new Scaled(outputs.clone(), norm, value.div(norm)));
        }
        outputs.mul_(scaled.map(Scaled::scale).orElseGet(() -> frozenScale(weight, up, a)));
        bias.ifPresent(outputs::add_);
        return scaled;
    }

    private synchronized Tensor frozenScale(Tensor weight, LoraFactors.Up up, Tensor a) {
        if (frozenScale.isEmpty()) {
            try (var scope = new PointerScope()) {
                Tensor scale = value.div(norm(weight, up.up(), a, up.scale()));
                scale.retainReference();
                frozenScale = Optional.of(scale);
            }
        }
        return frozenScale.get();
    }

    /**
     * Adds to the gradient of m, and turns the gradient of the outputs, in place, into that of the direction.
     *
     * @param dy shape (N, outputs)
     */
    void backward(Tensor dy, Scaled scaled) {
        gradient.add_(dy.mul(scaled.direction).sum(0).div_(scaled.norm));
        dy.mul_(scaled.scale);
    }

    /** The norm of each row of W + s·B·A, shape (outputs). */
    static Tensor norm(Tensor weight, Tensor b, Tensor a, double s) {
        return rowNorms(torch.addmm(weight, b, a, new Scalar(1f), new Scalar((float) s)));
    }

    private static Tensor rowNorms(Tensor matrix) {
        return matrix.mul(matrix).sum(new long[]{1}, false, new ScalarTypeOptional()).sqrt_();
    }

    /**
     * Turns W, in place, into what an adapter makes of it.
     *
     * @param weight W, shape (outputs, inputs)
     * @param magnitude m, of DoRA
     */
    static void merge(Tensor weight, Tensor b, Tensor a, double s, Optional<Tensor> magnitude) {
        weight.addmm_(b, a, new Scalar(1f), new Scalar((float) s));
        magnitude.ifPresent(m -> weight.mul_(m.div(rowNorms(weight)).unsqueeze(1)));
    }

    @Override
    public synchronized void close() {
        frozenScale.ifPresent(Tensor::releaseReference);
        frozenScale = Optional.empty();
    }
}
