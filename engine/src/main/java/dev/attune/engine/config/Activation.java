package dev.attune.engine.config;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The nonlinearity of a feed-forward part, forward and backward. */
public enum Activation {
    /** x · σ(x). */
    SILU,
    /** The Gaussian error linear unit in its tanh form (Hendrycks and Gimpel 2016). */
    GELU_TANH,
    /** The Gaussian error linear unit itself. */
    GELU;

    /** The activation that transformers knows by this name. */
    static Optional<Activation> of(String name) {
        return switch (name) {
            case "silu", "swish" -> Optional.of(SILU);
            case "gelu_pytorch_tanh", "gelu_new", "gelu_fast" -> Optional.of(GELU_TANH);
            case "gelu" -> Optional.of(GELU);
            default -> Optional.empty();
        };
    }

    public Tensor forward(Tensor x) {
        return switch (this) {
            case SILU -> torch.silu(x);
            case GELU_TANH -> torch.gelu(x, "tanh");
            case GELU -> torch.gelu(x, "none");
        };
    }

    /** Writes the gradient of x into {@code dx}, which may be a view. */
    public void backward(Tensor dy, Tensor x, Tensor dx) {
        switch (this) {
            case SILU -> torch.silu_backward_outf(dy, x, dx);
            case GELU_TANH -> torch.gelu_backward_outf(dy, x, "tanh", dx);
            case GELU -> torch.gelu_backward_outf(dy, x, "none", dx);
        }
    }
}
