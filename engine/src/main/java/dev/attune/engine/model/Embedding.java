package dev.attune.engine.model;

import dev.attune.engine.tensor.Tensors;

import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** From token ids to the first hidden states, forward and backward. */
final class Embedding {
    private final Weight tokens;
    private final Optional<Weight> positions;
    private final double scale;
    private final int padToken;

    /**
     * @param tokens shape (V, D)
     * @param positions learned vectors of the positions, shape (maxPositions, D)
     * @param scale by which the tokens' vectors are multiplied
     * @param padToken the token whose vector has no gradient, or −1
     */
    Embedding(Weight tokens, Optional<Weight> positions, double scale, int padToken) {
        this.tokens = tokens;
        this.positions = positions;
        this.scale = scale;
        this.padToken = padToken;
    }

    /** The same with other vectors of the tokens. */
    Embedding with(Weight others) {
        return new Embedding(others, positions, scale, padToken);
    }

    /** Shape (N, D) for N ids and their positions. */
    Tensor forward(Tensor ids, Tensor at) {
        Tensor found = tokens.value().index_select(0, ids);
        Tensor x = Tensors.wide(found);
        if (scale != 1) {
            x.mul_(new Scalar((float) scale));
        }
        positions.ifPresent(present -> x.add_(present.value().index_select(0, at)));
        return x;
    }

    /** Whether the vectors of the tokens are trained. */
    boolean trained() {
        return tokens.trained();
    }

    /** Adds to the gradients of what is trained; {@code gradient} is overwritten. */
    void backward(Tensor gradient, Tensor ids, Tensor at) {
        Tensor dx = Tensors.wide(gradient);
        if (tokens.trained()) {
            positions.filter(Weight::trained).ifPresent(present -> present.gradient().index_add_(0, at, dx));
            if (padToken >= 0) {
                dx.masked_fill_(ids.eq(new Scalar(padToken)).unsqueeze(1), new Scalar(0));
            }
            tokens.gradient().index_add_(0, ids, scale == 1 ? dx : dx.mul_(new Scalar((float) scale)));
        }
    }
}
