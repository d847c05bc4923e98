package dev.attune.engine.model;

import dev.attune.engine.config.LinearModule;
import dev.attune.engine.config.Precision;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.Tensors;

import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Weights in 32-bit floats that lie in one vector and have gradients of their own; where products are made in bfloat16,
 * with a copy in that.
 */
final class TrainableWeights implements ModelWeights {
    private final Parameters parameters;
    private final Optional<Tensor> half;

    private TrainableWeights(Parameters parameters, Optional<Tensor> half) {
        this.parameters = parameters;
        this.half = half;
    }

    /** @param halfProducts whether matrix products are made in bfloat16 */
    static TrainableWeights of(Parameters parameters, boolean halfProducts) {
        if (!halfProducts) {
            return new TrainableWeights(parameters, Optional.empty());
        }
        try (var scope = new PointerScope()) {
            Tensor half = Tensors.bfloat16(parameters.values());
            half.retainReference();
            return new TrainableWeights(parameters, Optional.of(half));
        }
    }

    /** The same values with gradients of their own. */
    TrainableWeights replica() {
        return new TrainableWeights(parameters.replica(), half.map(all -> {
            all.retainReference();
            return all;
        }));
    }

    Parameters parameters() {
        return parameters;
    }

    /** Takes over changed values where copies of them are kept. */
    void changed() {
        half.ifPresent(copy -> {
            try (var scope = new PointerScope()) {
                copy.copy_(parameters.values());
            }
        });
    }

    @Override
    public Precision activations() {
        return Precision.FLOAT32;
    }

    @Override
    public Tensor value(String name) {
        return parameters.value(name);
    }

    @Override
    public Weight weight(String name) {
        return stacked(name, name);
    }

    @Override
    public Projection projection(List<LinearModule> group) {
        LinearModule first = group.getFirst();
        LinearModule last = group.getLast();
        Weight weight = stacked(first.weight(), last.weight());
        Optional<Weight> bias = first.bias()
                ? Optional.of(stacked(first.biasName(), last.biasName()))
                : Optional.empty();
        return projection(first.transposed() ? weight.transposed() : weight, bias,
                half.map(all -> first.facing(parameters.stacked(all, first.weight(), last.weight()))));
    }

    @Override
    public Projection head(String name) {
        return projection(weight(name), Optional.empty(), half.map(all -> parameters.stacked(all, name, name)));
    }

    private static Projection projection(Weight weight, Optional<Weight> bias, Optional<Tensor> multiplied) {
        return new Projection(List.of(multiplied.orElse(weight.value())),
                weight.trained() ? Optional.of(weight) : Optional.empty(), bias);
    }

    private Weight stacked(String first, String last) {
        boolean trained = parameters.trained();
        return new Weight(parameters.stacked(parameters.values(), first, last),
                trained ? parameters.stacked(parameters.gradients(), first, last) : Tensors.zeros(0), trained);
    }

    @Override
    public void close() {
        half.ifPresent(Tensor::releaseReference);
        parameters.close();
    }
}
