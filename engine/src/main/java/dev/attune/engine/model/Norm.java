package dev.attune.engine.model;

import dev.attune.engine.config.Family;
import dev.attune.engine.tensor.KeptTensors;
import dev.attune.engine.tensor.Tensors;

import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Normalisation over the last dimension, forward and backward.
 *
 * <ul>
 * <li>root mean square (Zhang and Sennrich 2019): y = w · x / √(mean(x²) + ε), or with 1 + w for w;
 * <li>layer norm (Ba et al. 2016): y = w · (x − mean(x)) / √(var(x) + ε) + b.
 * </ul>
 */
final class Norm {
    private final Kind kind;
    private final Weight weight;
    private final Optional<Weight> bias;
    private final double epsilon;

    /** Which of the formulas. */
    enum Kind {
        RMS, RMS_UNIT_OFFSET, LAYER;

        static Kind of(Family family) {
            return family.has(Family.Trait.LAYER_NORM)
                    ? LAYER
                    : family.has(Family.Trait.UNIT_OFFSET_NORM) ? RMS_UNIT_OFFSET : RMS;
        }
    }

    /**
     * @param weight shape (D)
     * @param bias shape (D), for layer norm
     */
    Norm(Kind kind, Weight weight, Optional<Weight> bias, double epsilon) {
        this.kind = kind;
        this.weight = weight;
        this.bias = bias;
        this.epsilon = epsilon;
    }

    /**
     * What the backward pass needs of a forward pass.
     *
     * @param output shape (…, D)
     * @param mean shape (…, 1), for layer norm
     * @param inverse 1 / the deviation, shape (…, 1)
     */
    record Result(Tensor output, Optional<Tensor> mean, Tensor inverse) {

        /** Keeps all but the output, which the backward pass does not read. */
        void keepFactors(KeptTensors kept) {
            mean.ifPresent(kept::keep);
            kept.keep(inverse);
        }
    }

    /** Normalises x of shape (…, D). Computes in 32-bit floats, and gives the output in the type of x. */
    Result forward(Tensor given) {
        Tensor x = Tensors.wide(given);
        Optional<Tensor> mean = kind == Kind.LAYER ? Optional.of(mean(x)) : Optional.empty();
        Tensor centred = mean.map(x::sub).orElse(x);
        Tensor inverse = mean(centred.square());
        inverse.add_(new Scalar(epsilon)).rsqrt_();
        Tensor output = centred.mul(inverse);
        output.mul_(factor());
        bias.ifPresent(present -> output.add_(present.value()));
        return new Result(Tensors.like(given, output), mean, inverse);
    }

    /** The gradient of x; adds to the gradients of weight and bias if they are trained. */
    Tensor backward(Tensor dGiven, Tensor given, Result forward) {
        Tensor dy = Tensors.wide(dGiven);
        Tensor x = Tensors.wide(given);
        Tensor normal = forward.mean.map(x::sub).orElse(x).mul(forward.inverse);
        if (weight.trained()) {
            weight.gradient().add_(total(dy.mul(normal)));
            bias.ifPresent(present -> present.gradient().add_(total(dy)));
        }
        Tensor dNormal = dy.mul(factor());
        Tensor dot = mean(torch.mul(dNormal, normal));
        if (kind == Kind.LAYER) {
            dNormal.sub_(mean(dNormal));
        }
        return Tensors.like(given, dNormal.sub_(normal.mul_(dot)).mul_(forward.inverse));
    }

    private Tensor factor() {
        return kind == Kind.RMS_UNIT_OFFSET ? weight.value().add(new Scalar(1)) : weight.value();
    }

    private static Tensor mean(Tensor x) {
        return x.mean(new long[]{-1}, true, new ScalarTypeOptional());
    }

    private static Tensor total(Tensor x) {
        return x.reshape(-1, x.size(-1)).sum(0);
    }
}
