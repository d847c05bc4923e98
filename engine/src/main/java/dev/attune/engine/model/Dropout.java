package dev.attune.engine.model;

import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Leaves out a share of an adapter's inputs at random, and enlarges the others to make up for them. What is left out
 * follows from the seed and the order of calls. Lives within one pass, on one thread.
 */
final class Dropout {
    private final double rate;
    private final GeneratorOptional generator;

    /** @param rate share that is left out, above 0, below 1 */
    Dropout(double rate, long seed) {
        this.rate = rate;
        Generator seeded = torch.make_generator_cpu(seed);
        this.generator = new GeneratorOptional(seeded);
    }

    /** A new choice of what is kept, of the shape of x. */
    Tensor choose(Tensor x) {
        return torch.empty_like(x).bernoulli_(1 - rate, generator).to(torch.ScalarType.Bool);
    }

    /** What is kept of x, enlarged; also the gradient. */
    Tensor apply(Tensor x, Tensor kept) {
        return x.mul(kept).mul_(new Scalar(1 / (1 - rate)));
    }
}
