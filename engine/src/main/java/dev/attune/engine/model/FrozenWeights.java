package dev.attune.engine.model;

import dev.attune.engine.config.LinearModule;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.ModelLayout;
import dev.attune.engine.config.Precision;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.Safetensors;
import dev.attune.engine.tensor.Tensors;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Weights that are not trained. Where the files hold numbers of the type that is wanted they are used in place, mapped
 * into memory, and several processes share them; others are copies.
 */
final class FrozenWeights implements ModelWeights {
    private final Safetensors files;
    private final Precision precision;
    private final Map<String, Tensor> tensors;

    private FrozenWeights(Safetensors files, Precision precision, Map<String, Tensor> tensors) {
        this.files = files;
        this.precision = precision;
        this.tensors = tensors;
    }

    /**
     * Opens a model directory's weights.
     *
     * @param precision of the matrices; vectors are 32-bit floats
     * @throws EngineException where a tensor is missing, has another shape, or holds what is not a number
     */
    static FrozenWeights open(Path modelDir, ModelConfig config, Precision precision) {
        Safetensors files = Safetensors.openModel(modelDir);
        var opened = new FrozenWeights(files, precision, new HashMap<>());
        try {
            Parameters.Layout layout = new ModelLayout(config).parameters();
            WeightsReader.requireFit(modelDir, config, layout, files);
            for (Parameters.Slot slot : layout.slots()) {
                Precision wanted = slot.shape().length == 1 ? Precision.FLOAT32 : precision;
                String stored = WeightsReader.stored(slot.name(), config, files).orElseThrow();
                try (var scope = new PointerScope()) {
                    Tensor tensor = read(files, stored, slot.shape(), wanted);
                    WeightsReader.requireNumbers(modelDir, slot.name(), tensor);
                    tensor.retainReference();
                    opened.tensors.put(slot.name(), tensor);
                }
            }
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private static Tensor read(Safetensors files, String name, long[] shape, Precision wanted) {
        if (files.dataType(name).equals(wanted.stored())) {
            return Tensors.over(files.bytes(name), shape, wanted.type());
        }
        Tensor floats = Tensors.empty(shape);
        files.readFloats(name, Tensors.memory(floats));
        return wanted == Precision.FLOAT32 ? floats : floats.to(wanted.type());
    }

    @Override
    public Precision activations() {
        return precision;
    }

    @Override
    public Tensor value(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no weight " + name);
        }
        return tensor;
    }

    @Override
    public Weight weight(String name) {
        return frozen(value(name));
    }

    private static Weight frozen(Tensor value) {
        return new Weight(value, Tensors.zeros(0), false);
    }

    @Override
    public Projection projection(List<LinearModule> group) {
        List<Tensor> matrices = group.stream().map(module -> module.facing(value(module.weight()))).toList();
        return new Projection(matrices, Optional.empty(),
                group.getFirst().bias() ? Optional.of(frozen(biases(group))) : Optional.empty());
    }

    private Tensor biases(List<LinearModule> group) {
        var all = new TensorVector();
        group.forEach(module -> all.push_back(value(module.biasName())));
        return torch.cat(all, 0);
    }

    @Override
    public Projection head(String name) {
        return new Projection(List.of(value(name)), Optional.empty(), Optional.empty());
    }

    @Override
    public void close() {
        tensors.values().forEach(Tensor::releaseReference);
        files.close();
    }
}
