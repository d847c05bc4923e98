package dev.attune.engine.model;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.LinearModule;
import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.ModelLayout;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.Tensors;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** Names, shapes and places of an adapter's factors, the A of layers that read the same input next to each other. */
public final class AdapterLayout {
    private final LoraConfig lora;
    private final ModelLayout base;
    private final int layers;
    private final int vocabulary;
    private final int hidden;

    public AdapterLayout(LoraConfig lora, ModelConfig config) {
        this.lora = lora;
        this.base = new ModelLayout(config);
        this.layers = config.layers();
        this.vocabulary = config.vocabularySize();
        this.hidden = config.hiddenSize();
    }

    static String a(String module) {
        return module + ".lora_A.weight";
    }

    static String b(String module) {
        return module + ".lora_B.weight";
    }

    /** m of DoRA, as PEFT names it on disk. */
    static String magnitude(String module) {
        return module + ".lora_magnitude_vector";
    }

    /** A, B and m of all adapted layers, then the embedding, where it is trained. */
    public Parameters.Layout parameters() {
        var layout = new Parameters.Layout();
        for (int layer = 0; layer < layers; layer++) {
            for (List<LinearModule> group : base.groups(layer)) {
                List<LinearModule> chosen = group.stream().filter(module -> lora.targets(module.name())).toList();
                chosen.forEach(module -> layout.add(a(module.name()), lora.rank(module.name()), module.inputs()));
                chosen.forEach(module -> layout.add(b(module.name()), module.outputs(), lora.rank(module.name())));
                if (lora.magnitudes()) {
                    chosen.forEach(module -> layout.add(magnitude(module.name()), module.outputs()));
                }
            }
        }
        if (layout.size() == 0) {
            throw new EngineException("No layer of the model is named " + lora.targets()
                    + "; name layers such as " + base.groups(0).getFirst().getFirst().name() + ", or all-linear.");
        }
        if (lora.embedding()) {
            layout.add(base.embedding(), vocabulary, hidden);
        }
        return layout;
    }

    /** The embedding as it is adapted, if it is, as a view. */
    Optional<Weight> embedding(Parameters parameters) {
        return lora.embedding()
                ? Optional.of(new Weight(parameters.value(base.embedding()),
                        parameters.trained() ? parameters.gradient(base.embedding()) : Tensors.zeros(0),
                        parameters.trained()))
                : Optional.empty();
    }

    /** How many numbers the factors have together; the embedding lies behind them. */
    public static long factors(Parameters parameters) {
        return parameters.slots().stream().filter(slot -> slot.name().contains(".lora_"))
                .mapToLong(Parameters.Slot::end).max().orElse(0);
    }

    /** The factors of one block, as views. */
    public DecoderLayer.Adapter factors(int layer, Parameters parameters) {
        var groups = new ArrayList<Optional<LoraFactors>>();
        for (List<LinearModule> group : base.groups(layer)) {
            groups.add(factors(group, parameters));
        }
        return DecoderLayer.Adapter.of(groups);
    }

    private Optional<LoraFactors> factors(List<LinearModule> group, Parameters parameters) {
        Tensor nothing = Tensors.zeros(0);
        var ups = new ArrayList<LoraFactors.Up>();
        var downs = new ArrayList<String>();
        long column = 0;
        long row = 0;
        for (LinearModule module : group) {
            String name = module.name();
            if (parameters.has(a(name))) {
                int rank = lora.rank(name);
                ups.add(new LoraFactors.Up(column, module.outputs(), row, rank, lora.scale(name),
                        parameters.value(b(name)),
                        parameters.trained() ? parameters.gradient(b(name)) : nothing, magnitude(name, parameters)));
                downs.add(a(name));
                row += rank;
            }
            column += module.outputs();
        }
        if (ups.isEmpty()) {
            return Optional.empty();
        }
        Tensor down = parameters.stacked(parameters.values(), downs.getFirst(), downs.getLast());
        Tensor gradient = parameters.trained()
                ? parameters.stacked(parameters.gradients(), downs.getFirst(), downs.getLast())
                : nothing;
        return Optional.of(new LoraFactors(down, gradient, ups, Optional.empty()));
    }

    private static Optional<Magnitude> magnitude(String module, Parameters parameters) {
        String name = magnitude(module);
        return parameters.has(name)
                ? Optional.of(new Magnitude(parameters.value(name),
                        parameters.trained() ? parameters.gradient(name) : Tensors.zeros(0)))
                : Optional.empty();
    }

    /** Turns a layer's stored matrix, in place, into what an adapter makes of it. */
    void merge(LinearModule module, Tensor stored, Parameters parameters) {
        String name = module.name();
        Magnitude.merge(module.facing(stored), parameters.value(b(name)), parameters.value(a(name)), lora.scale(name),
                parameters.has(magnitude(name)) ? Optional.of(parameters.value(magnitude(name))) : Optional.empty());
    }

    /** The linear layers that have factors. */
    List<LinearModule> adapted(Parameters parameters) {
        return base.linearModules().stream().filter(module -> parameters.has(a(module.name()))).toList();
    }
}
