package dev.attune.engine.model;

import org.bytedeco.pytorch.Tensor;

/**
 * One weight of a model, seen in place.
 *
 * @param gradient of the same shape if it is trained, otherwise empty
 */
record Weight(Tensor value, Tensor gradient, boolean trained) {

    /** The same weight seen the other way round. */
    Weight transposed() {
        return new Weight(value.t(), trained ? gradient.t() : gradient, trained);
    }
}
