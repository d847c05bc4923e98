package dev.attune.engine.model;

import dev.attune.engine.config.Activation;
import dev.attune.engine.config.Family;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.tensor.KeptTensors;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The feed-forward part of a block, forward and backward: x + W₂(act(gate) ∘ up), or x + W₂(act(W₁x)) without a gate. Its
 * input is normed; in some families its output is too, before it is added.
 */
final class FeedForward {
    private final Norm norm;
    private final Projection input;
    private final Projection output;
    private final Optional<Norm> after;
    private final Activation activation;
    private final boolean gated;
    private final long inner;

    /** @param input gate and up side by side, or the one matrix there is */
    FeedForward(ModelConfig config, Norm norm, Projection input, Projection output, Optional<Norm> after) {
        this.norm = norm;
        this.input = input;
        this.output = output;
        this.after = after;
        this.activation = config.activation();
        this.gated = !config.family().has(Family.Trait.UNGATED);
        this.inner = config.feedForwardSize();
    }

    /**
     * What the backward pass needs. The activation and the product with the up side are computed once more: they are as
     * large as all the rest.
     *
     * @param sum the output, shape (N, D)
     */
    record Saved(Tensor x, Norm.Result norm, Projection.Result input, Projection.Result output,
            Optional<Norm.Result> after, Tensor sum) {}

    /** The same with nothing kept. */
    Tensor forward(Tensor x, DecoderLayer.Adapter adapter) {
        return run(x, adapter).sum;
    }

    /** @param kept keeps what the backward pass needs, and the sum */
    Saved forward(Tensor x, DecoderLayer.Adapter adapter, KeptTensors kept) {
        Saved saved = run(x, adapter);
        saved.norm.keepFactors(kept);
        if (input.readsInputAgain(adapter.feedForwardInput())) {
            kept.keep(saved.norm.output());
        }
        kept.keep(saved.input.output());
        saved.input.keep(kept);
        saved.output.keep(kept);
        saved.after.ifPresent(norm -> {
            kept.keep(saved.output.output());
            norm.keepFactors(kept);
        });
        kept.keep(saved.sum);
        return saved;
    }

    private Saved run(Tensor x, DecoderLayer.Adapter adapter) {
        Norm.Result normed = norm.forward(x);
        Projection.Result both = input.forward(normed.output(), adapter.feedForwardInput(),
                adapter.feedForwardOutput().isEmpty());
        Tensor product = activation.forward(both.output().narrow(1, 0, inner));
        if (gated) {
            product.mul_(both.output().narrow(1, inner, inner));
        }
        Projection.Result made = output.forward(product, adapter.feedForwardOutput());
        Optional<Norm.Result> last = after.map(present -> present.forward(made.output()));
        Tensor added = last.map(Norm.Result::output).orElse(made.output());
        return new Saved(x, normed, both, made, last, x.add(added));
    }

    /** Adds the gradient of x to {@code dy}, which is the gradient of the sum. */
    void backward(Tensor dy, Saved saved, DecoderLayer.Adapter adapter) {
        Tensor dMade = after.map(present -> present.backward(dy, saved.output.output(), saved.after.orElseThrow()))
                .orElse(dy);
        Tensor both = saved.input.output();
        Tensor gate = both.narrow(1, 0, inner);
        Tensor activated = activation.forward(gate);
        Tensor product = gated && output.readsInputAgain(adapter.feedForwardOutput())
                ? activated.mul(both.narrow(1, inner, inner))
                : activated;
        Tensor dProduct = output.backward(dMade, product, saved.output, adapter.feedForwardOutput(), true,
                adapter.feedForwardInput().isEmpty()).orElseThrow();
        Tensor dBoth = torch.empty_like(both);
        if (gated) {
            torch.mul_out(dBoth.narrow(1, inner, inner), dProduct, activated);
            dProduct.mul_(both.narrow(1, inner, inner));
        }
        activation.backward(dProduct, gate, dBoth.narrow(1, 0, inner));
        Tensor dNorm = input.backward(dBoth, saved.norm.output(), saved.input, adapter.feedForwardInput(), true, false)
                .orElseThrow();
        dy.add_(norm.backward(dNorm, saved.x, saved.norm));
    }
}
