package dev.attune.engine.config;

import org.bytedeco.pytorch.Tensor;

/**
 * One linear layer of a model.
 *
 * @param name its full name in a checkpoint, such as {@code model.layers.3.self_attn.q_proj}
 * @param transposed whether its matrix is stored as inputs × outputs
 */
public record LinearModule(String name, int inputs, int outputs, boolean bias, boolean transposed) {

    public String weight() {
        return name + ".weight";
    }

    public String biasName() {
        return name + ".bias";
    }

    /** The shape of the matrix as it is stored. */
    long[] shape() {
        return transposed ? new long[]{inputs, outputs} : new long[]{outputs, inputs};
    }

    /** A stored matrix, or its gradient, seen as outputs × inputs. */
    public Tensor facing(Tensor stored) {
        return transposed ? stored.t() : stored;
    }
}
