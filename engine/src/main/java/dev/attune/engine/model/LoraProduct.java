package dev.attune.engine.model;

import dev.attune.engine.tensor.KeptTensors;
import dev.attune.engine.tensor.Tensors;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The low-rank term s·(x·Aᵀ)·Bᵀ of a group of linear layers, forward and backward. */
final class LoraProduct {
    private LoraProduct() {}

    /** The rows of a group's matrices for some of its outputs, those of one layer: shape (columns, in). */
    interface Rows {
        Tensor of(long column, long columns);
    }

    /**
     * What the backward pass needs.
     *
     * @param lowRank x·Aᵀ, shape (N, R)
     * @param kept of each layer, what its dropout kept; empty without dropout
     * @param scaled of each layer, what its magnitude needs; empty where none is trained
     */
    record Result(Tensor lowRank, List<Tensor> kept, List<Magnitude.Scaled> scaled) {

        void keep(KeptTensors tensors) {
            tensors.keep(lowRank);
            kept.forEach(tensors::keep);
            scaled.forEach(each -> each.keep(tensors));
        }
    }

    /**
     * Adds the term for x of shape (N, in) to y of shape (N, out), and gives the outputs their magnitudes.
     *
     * @param weight of the group
     * @param bias of the group, which y holds already
     */
    static Result addTo(Tensor y, Tensor x, LoraFactors lora, Rows weight, Optional<Tensor> bias) {
        var kept = new ArrayList<Tensor>();
        Tensor lowRank;
        if (lora.dropout().isEmpty()) {
            lowRank = torch.mm(x, lora.down().t());
        } else {
            Dropout dropout = lora.dropout().get();
            lowRank = x.new_empty(x.size(0), lora.down().size(0));
            for (LoraFactors.Up up : lora.ups()) {
                kept.add(dropout.choose(x));
                torch.mm_out(up.ranks(lowRank), dropout.apply(x, kept.getLast()), up.rows(lora.down()).t());
            }
        }
        for (LoraFactors.Up up : lora.ups()) {
            up.outputs(y).addmm_(up.ranks(lowRank), up.up().t(), new Scalar(1f), new Scalar((float) up.scale()));
        }
        var scaled = new ArrayList<Magnitude.Scaled>();
        for (LoraFactors.Up up : lora.ups()) {
            up.magnitude().flatMap(magnitude -> magnitude.apply(up.outputs(y),
                    weight.of(up.column(), up.columns()),
                    bias.map(whole -> whole.narrow(0, up.column(), up.columns())), up, up.rows(lora.down())))
                    .ifPresent(scaled::add);
        }
        return new Result(lowRank, kept, scaled);
    }

    /** The gradient of what the magnitudes scale, for that of the outputs; adds to the gradients of the magnitudes. */
    static Tensor beforeMagnitudes(Tensor dy, Result forward, LoraFactors lora) {
        if (forward.scaled.isEmpty()) {
            return dy;
        }
        Tensor direction = dy.clone();
        for (int i = 0; i < forward.scaled.size(); i++) {
            LoraFactors.Up up = lora.ups().get(i);
            up.magnitude().orElseThrow().backward(up.outputs(direction), forward.scaled.get(i));
        }
        return direction;
    }

    /** Adds to the gradients of A and B, and, where it is wanted, to that of x. */
    static void backward(Tensor dy, Tensor x, Result forward, LoraFactors lora, Optional<Tensor> dx) {
        Tensor dLowRank = dy.new_empty(dy.size(0), lora.down().size(0));
        for (LoraFactors.Up up : lora.ups()) {
            var scale = new Scalar((float) up.scale());
            Tensor part = up.ranks(dLowRank);
            torch.mm_out(part, up.outputs(dy), up.up());
            part.mul_(scale);
            if (up.upGradient().numel() > 0) {
                Tensors.addProduct(up.upGradient(), up.outputs(dy).t(), up.ranks(forward.lowRank), up.scale());
            }
        }
        if (forward.kept.isEmpty()) {
            if (lora.downGradient().numel() > 0) {
                Tensors.addProduct(lora.downGradient(), dLowRank.t(), x, 1);
            }
            dx.ifPresent(gradient -> gradient.addmm_(dLowRank, lora.down()));
        } else {
            backwardThroughDropout(dLowRank, x, forward, lora, dx);
        }
    }

    private static void backwardThroughDropout(Tensor dLowRank, Tensor x, Result forward, LoraFactors lora,
            Optional<Tensor> dx) {
        Dropout dropout = lora.dropout().orElseThrow();
        for (int i = 0; i < lora.ups().size(); i++) {
            LoraFactors.Up up = lora.ups().get(i);
            Tensor kept = forward.kept.get(i);
            if (lora.downGradient().numel() > 0) {
                Tensors.addProduct(up.rows(lora.downGradient()), up.ranks(dLowRank).t(), dropout.apply(x, kept), 1);
            }
            dx.ifPresent(gradient -> gradient
                    .add_(dropout.apply(torch.mm(up.ranks(dLowRank), up.rows(lora.down())), kept)));
        }
    }
}
