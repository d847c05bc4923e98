package dev.attune.engine.model;

import dev.attune.engine.config.LinearModule;
import dev.attune.engine.config.Precision;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** The weights of one model, as its decoder sees them. Whoever makes it closes it; views die with it. */
sealed interface ModelWeights extends AutoCloseable permits TrainableWeights, FrozenWeights {

    /** One tensor, seen in place: vectors in 32-bit floats, matrices as they are held. */
    Tensor value(String name);

    /** The numbers in which a batch passes through the layers. */
    Precision activations();

    /** A norm's or an embedding's weight. */
    Weight weight(String name);

    /** Linear layers that read the same input, as one product. */
    Projection projection(List<LinearModule> group);

    /** The product with the matrix that gives the logits. */
    Projection head(String name);

    @Override
    void close();
}
