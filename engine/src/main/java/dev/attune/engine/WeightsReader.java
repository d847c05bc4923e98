package dev.attune.engine;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;

/**
 * Reads a model directory's weights, widened to 32-bit floats. Tensors are found by the names of the newest transformers,
 * and by older ones: without the prefix (GPT-2 of old), and with the parts of a model that also sees the other way round.
 */
final class WeightsReader {
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
            check(modelDir, config, layout, files);
            Parameters weights = layout.allocate(trained);
            try {
                for (Parameters.Slot slot : weights.slots()) {
                    files.readFloats(stored(slot.name(), config, files).orElseThrow(), weights.memory(slot));
                    requireNumbers(modelDir, weights, slot);
                }
                return weights;
            } catch (RuntimeException e) {
                weights.close();
                throw e;
            }
        }
    }

    /** Compares names and shapes, before any memory is taken. */
    static void check(Path modelDir, ModelConfig config, Parameters.Layout layout, Safetensors files) {
        for (Parameters.Slot slot : layout.slots()) {
            String name = stored(slot.name(), config, files).orElseThrow(() -> new EngineException(modelDir
                    + " has no tensor " + slot.name() + "; its weights do not belong to its config.json."));
            if (!Arrays.equals(files.shape(name), slot.shape())) {
                throw new EngineException(modelDir + ": tensor " + name + " has shape "
                        + Arrays.toString(files.shape(name)) + ", but config.json asks for "
                        + Arrays.toString(slot.shape()) + ".");
            }
        }
    }

    private static void requireNumbers(Path modelDir, Parameters weights, Parameters.Slot slot) {
        try (var scope = new PointerScope()) {
            // The sum is a number exactly if all of them are, unless it is too large for one.
            boolean finite = Float.isFinite(weights.value(slot.name()).sum().item_float())
                    || weights.value(slot.name()).isfinite().all().item_bool();
            if (!finite) {
                throw new EngineException(modelDir + ": tensor " + slot.name()
                        + " holds NaN or infinite numbers; download the model's weights again.");
            }
        }
    }

    /** The name under which the files have a tensor. */
    private static Optional<String> stored(String name, ModelConfig config, Safetensors files) {
        String rest = name.startsWith(config.prefix()) ? name.substring(config.prefix().length()) : name;
        boolean inside = name.startsWith(config.prefix());
        List<String> names = inside
                ? List.of(name, rest, "model." + rest, "language_model.model." + rest)
                : List.of(name, "language_model." + name, "model.language_model." + name);
        return names.stream().filter(files::has).findFirst();
    }
}
