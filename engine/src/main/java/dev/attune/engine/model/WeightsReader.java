package dev.attune.engine.model;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.ModelLayout;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.Safetensors;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Reads a model directory's weights, widened to 32-bit floats. Tensors are found by the names of the newest transformers,
 * and by older ones: without the prefix (GPT-2 of old), and with the parts of a model that also sees the other way round.
 */
public final class WeightsReader {
    private static final Set<String> READ = Set.of("F32", "F16", "BF16");

    private WeightsReader() {}

    /**
     * Reads all weights.
     *
     * @param trained whether room is made for their gradients
     * @throws EngineException where a tensor is missing, has another shape, or holds what is not a number
     */
    static Parameters read(Path modelDir, ModelConfig config, boolean trained) {
        try (Safetensors files = Safetensors.openModel(modelDir)) {
            Parameters.Layout layout = new ModelLayout(config).parameters();
            requireFit(modelDir, config, layout, files);
            Parameters weights = layout.allocate(trained);
            try {
                for (Parameters.Slot slot : weights.slots()) {
                    files.readFloats(stored(slot.name(), config, files).orElseThrow(), weights.memory(slot));
                    try (var scope = new PointerScope()) {
                        requireNumbers(modelDir, slot.name(), weights.value(slot.name()));
                    }
                }
                return weights;
            } catch (RuntimeException e) {
                weights.close();
                throw e;
            }
        }
    }

    /** What does not fit in names, shapes and types of numbers, a sentence each; no memory is taken for it. */
    public static List<String> misfits(Path modelDir, ModelConfig config, Parameters.Layout layout, Safetensors files) {
        var misfits = new ArrayList<String>();
        for (Parameters.Slot slot : layout.slots()) {
            Optional<String> name = stored(slot.name(), config, files);
            if (name.isEmpty()) {
                misfits.add(modelDir + " has no tensor " + slot.name()
                        + "; its weights do not belong to its config.json.");
            } else if (!Arrays.equals(files.shape(name.get()), slot.shape())) {
                misfits.add(modelDir + ": tensor " + name.get() + " has shape "
                        + Arrays.toString(files.shape(name.get())) + ", but config.json asks for "
                        + Arrays.toString(slot.shape()) + ".");
            } else if (!READ.contains(files.dataType(name.get()))) {
                misfits.add(modelDir + ": tensor " + name.get() + " is " + files.dataType(name.get())
                        + "; F32, F16 and BF16 are read.");
            }
        }
        return misfits;
    }

    /** @throws EngineException with the first of {@link #misfits} */
    static void requireFit(Path modelDir, ModelConfig config, Parameters.Layout layout, Safetensors files) {
        misfits(modelDir, config, layout, files).stream().findFirst().ifPresent(misfit -> {
            throw new EngineException(misfit);
        });
    }

    /** @throws EngineException where a tensor holds what is not a number */
    static void requireNumbers(Path modelDir, String name, Tensor tensor) {
        // The sum is a number exactly if all of them are, unless it is too large for one.
        if (!Float.isFinite(tensor.sum().item_float()) && !tensor.isfinite().all().item_bool()) {
            throw new EngineException(modelDir + ": tensor " + name
                    + " holds NaN or infinite numbers; download the model's weights again.");
        }
    }

    /** The name under which the files have a tensor. */
    public static Optional<String> stored(String name, ModelConfig config, Safetensors files) {
        String rest = name.startsWith(config.prefix()) ? name.substring(config.prefix().length()) : name;
        boolean inside = name.startsWith(config.prefix());
        List<String> names = inside
                ? List.of(name, rest, "model." + rest, "language_model.model." + rest)
                : List.of(name, "language_model." + name, "model.language_model." + name);
        return names.stream().filter(files::has).findFirst();
    }
}
