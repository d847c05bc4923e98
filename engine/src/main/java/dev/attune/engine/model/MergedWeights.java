package dev.attune.engine.model;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.LinearModule;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.ModelLayout;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.Safetensors;
import dev.attune.engine.tensor.Tensors;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * The weights of a base model with an adapter added, one tensor at a time: the base stays on the disk, and no more than
 * the tensor asked for is in memory. Sums are formed in 32-bit floats. Thread-safe as long as it is open; whoever opens
 * it closes it.
 */
public final class MergedWeights implements AutoCloseable {
    private final ModelConfig config;
    private final Safetensors files;
    private final Optional<LoraAdapter> adapter;
    private final ModelLayout layout;
    private final List<Parameters.Slot> tensors;

    private MergedWeights(ModelConfig config, Safetensors files, Optional<LoraAdapter> adapter) {
        this.config = config;
        this.files = files;
        this.adapter = adapter;
        this.layout = new ModelLayout(config);
        this.tensors = layout.parameters().slots();
    }

    /**
     * Opens a base model, with an adapter in PEFT layout if one is given.
     *
     * @throws EngineException if something is missing, damaged, or does not fit
     */
    public static MergedWeights open(Path base, Optional<Path> adapter) {
        ModelConfig config = ModelConfig.read(base);
        Safetensors files = Safetensors.openModel(base);
        try {
            WeightsReader.misfits(base, config, new ModelLayout(config).parameters(), files).stream().findFirst()
                    .ifPresent(misfit -> {
                        throw new EngineException(misfit);
                    });
            return new MergedWeights(config, files, adapter.map(dir -> LoraAdapter.load(dir, config, false)));
        } catch (RuntimeException e) {
            files.close();
            throw e;
        }
    }

    public ModelConfig config() {
        return config;
    }

    /** The adapter, if there is one; closed with this. */
    public Optional<LoraAdapter> adapter() {
        return adapter;
    }

    /** Names and shapes of all weights; those of a tied head come once, as the embedding. */
    public List<Parameters.Slot> tensors() {
        return tensors;
    }

    /** The names of the layers that the adapter has factors of, without {@code .weight}. */
    public List<String> adapted() {
        return adapter.map(lora -> new AdapterLayout(lora.config(), config).adapted(lora.parameters()).stream()
                .map(LinearModule::name).toList()).orElse(List.of());
    }

    /** s of an adapted layer, by which B·A is multiplied. */
    public double scale(String module) {
        return adapter.orElseThrow().config().scale(module);
    }

    /** A of an adapted layer, shape (rank, inputs). */
    public Parameters.Slot down(String module) {
        return adapter.orElseThrow().parameters().slot(AdapterLayout.a(module));
    }

    /** B of an adapted layer, shape (outputs, rank). */
    public Parameters.Slot up(String module) {
        return adapter.orElseThrow().parameters().slot(AdapterLayout.b(module));
    }

    /** The name under which the base's files have a tensor. */
    public String stored(String name) {
        return WeightsReader.stored(name, config, files).orElseThrow();
    }

    /** The type in which the base stores a tensor, such as {@code BF16}. */
    public String storedType(String name) {
        return files.dataType(stored(name));
    }

    /**
     * Writes a tensor with the adapter's share, row-major.
     *
     * @param destination memory for its numbers as 32-bit floats in native order
     * @throws EngineException if a number is NaN or infinite
     */
    public void read(String name, MemorySegment destination) {
        Parameters.Slot slot = tensors.stream().filter(tensor -> tensor.name().equals(name)).findFirst().orElseThrow();
        files.readFloats(stored(name), destination);
        adapter.ifPresent(lora -> add(lora, slot, destination));
        for (long i = 0; i < slot.size(); i++) {
            if (!Float.isFinite(destination.getAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, i))) {
                throw new EngineException("Tensor " + name
                        + " holds NaN or infinite numbers, so it is not written; take the model's weights again, or an"
                        + " earlier checkpoint of the adapter.");
            }
        }
    }

    private void add(LoraAdapter lora, Parameters.Slot slot, MemorySegment destination) {
        Parameters own = lora.parameters();
        if (slot.name().equals(layout.embedding()) && own.has(slot.name())) {
            destination.copyFrom(own.memory(own.slot(slot.name())));
            return;
        }
        Optional<LinearModule> module = layout.linearModules().stream()
                .filter(each -> each.weight().equals(slot.name()) && own.has(AdapterLayout.a(each.name()))).findFirst();
        module.ifPresent(each -> {
            try (var scope = new PointerScope()) {
                Tensor sum = Tensors.empty(slot.shape());
                Tensors.memory(sum).copyFrom(destination.asSlice(0, 4 * slot.size()));
                new AdapterLayout(lora.config(), config).merge(each, sum, own);
                destination.copyFrom(Tensors.memory(sum));
            }
        });
    }

    @Override
    public void close() {
        adapter.ifPresent(LoraAdapter::close);
        files.close();
    }
}
