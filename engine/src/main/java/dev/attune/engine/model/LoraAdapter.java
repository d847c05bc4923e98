package dev.attune.engine.model;

import dev.attune.engine.DurableFiles;
import dev.attune.engine.EngineException;
import dev.attune.engine.config.AdapterConfigReader;
import dev.attune.engine.config.LinearModule;
import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.ModelLayout;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.Safetensors;
import dev.attune.engine.tensor.SafetensorsWriter;
import dev.attune.engine.tensor.Tensors;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import tools.jackson.databind.json.JsonMapper;

/**
 * A low-rank adapter of one base model in memory, with an embedding of its own where that is trained, read from and written to PEFT's layout
 * ({@code adapter_config.json}, {@code adapter_model.safetensors}). Reading passes may share it; training it belongs to
 * one thread. Whoever makes it closes it.
 */
public final class LoraAdapter implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PREFIX = "base_model.model.";
    /** PEFT wants a head that is tied to a trained embedding a second time, under its own name. */
    private static final String TIED_HEAD = "lm_head.weight";
    private static final String A = ".lora_A.weight";

    private final LoraConfig lora;
    private final ModelConfig config;
    private final Parameters parameters;
    private final AdapterLayout layout;
    private final PointerScope views;
    private final List<DecoderLayer.Adapter> layers = new ArrayList<>();
    private final Optional<Weight> embedding;

    private LoraAdapter(LoraConfig lora, ModelConfig config, Parameters parameters) {
        this.lora = lora;
        this.config = config;
        this.parameters = parameters;
        this.layout = new AdapterLayout(lora, config);
        var scope = new PointerScope();
        try {
            for (int layer = 0; layer < config.layers(); layer++) {
                layers.add(layout.factors(layer, parameters));
            }
            this.embedding = layout.embedding(parameters);
        } finally {
            this.views = scope.extend();
            scope.close();
        }
    }

    /**
     * A new adapter to train: A uniform in ±1/√inputs (Kaiming with a = √5), B zero, the embedding that of the model, so
     * that it changes nothing yet.
     */
    public static LoraAdapter create(LoraConfig lora, CausalLm model, long seed) {
        if (lora.embedding() && !new ModelLayout(model.config()).embeddingAdaptable()) {
            throw new EngineException(
                    "The embedding of this model cannot be trained with an adapter: its output head is the"
                            + " same matrix, and adapters of GPT-2 have no form for that.");
        }
        LoraAdapter adapter = factors(lora, model.config(), seed);
        if (lora.magnitudes()) {
            adapter.takeMagnitudes(model);
        }
        if (lora.embedding()) {
            String name = new ModelLayout(model.config()).embedding();
            Parameters own = adapter.parameters;
            try (var scope = new PointerScope()) {
                own.value(name).copy_(model.weight(name));
            }
        }
        return adapter;
    }

    /** As {@link #create(LoraConfig, CausalLm, long)}, of factors alone. */
    public static LoraAdapter create(LoraConfig lora, ModelConfig config, long seed) {
        if (lora.embedding() || lora.magnitudes()) {
            throw new IllegalArgumentException("embeddings and magnitudes that are trained begin as those of a model");
        }
        return factors(lora, config, seed);
    }

    /** Begins with the lengths that the model's rows have. */
    private void takeMagnitudes(CausalLm model) {
        try (var scope = new PointerScope()) {
            for (LinearModule module : layout.adapted(parameters)) {
                String name = module.name();
                parameters.value(AdapterLayout.magnitude(name)).copy_(
                        Magnitude.norm(module.facing(Tensors.float32(model.weight(module.weight()))),
                                parameters.value(AdapterLayout.b(name)), parameters.value(AdapterLayout.a(name)), 0));
            }
        }
    }

    private static LoraAdapter factors(LoraConfig lora, ModelConfig config, long seed) {
        Parameters parameters = new AdapterLayout(lora, config).parameters().allocate(true);
        var random = new SplittableRandom(seed);
        for (Parameters.Slot slot : parameters.slots()) {
            if (slot.name().endsWith(A)) {
                MemorySegment memory = parameters.memory(slot);
                double bound = 1 / Math.sqrt(slot.shape()[1]);
                for (long i = 0; i < slot.size(); i++) {
                    memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextDouble(-bound, bound));
                }
            }
        }
        return new LoraAdapter(lora, config, parameters);
    }

    /**
     * Loads an adapter from PEFT's layout.
     *
     * @param trained whether it is to be trained further
     * @throws EngineException if it is missing or damaged, belongs to another model, or is more than LoRA and DoRA
     */
    public static LoraAdapter load(Path peftDir, ModelConfig config, boolean trained) {
        Path configFile = existing(peftDir.resolve("adapter_config.json"));
        try (Safetensors file = Safetensors.openFile(existing(peftDir.resolve("adapter_model.safetensors")))) {
            Map<String, String> stored = storedNames(file, config);
            Set<String> adapted = stored.keySet().stream().filter(name -> name.endsWith(A))
                    .map(name -> name.substring(0, name.length() - A.length())).collect(Collectors.toSet());
            AdapterConfigReader.Read read = AdapterConfigReader.read(configFile, adapted, config);
            if (read.lora().embedding() && config.tiedEmbeddings()) {
                dropTiedHead(stored, file, config, peftDir);
            }
            Parameters parameters = new AdapterLayout(read.lora(), config).parameters().allocate(trained);
            try {
                fill(parameters, file, stored, peftDir, read.baseModel());
                return new LoraAdapter(read.lora(), config, parameters);
            } catch (RuntimeException e) {
                parameters.close();
                throw e;
            }
        }
    }

    private static void dropTiedHead(Map<String, String> stored, Safetensors file, ModelConfig config, Path peftDir) {
        String head = stored.remove(TIED_HEAD);
        String embedding = stored.get(new ModelLayout(config).embedding());
        if (head != null && embedding != null && !file.sameBytes(head, embedding)) {
            throw new EngineException(peftDir + " has a trained lm_head that is not its embedding, but the base model"
                    + " has one matrix for both.");
        }
    }

    /** The names of the file's tensors by the names of this model's layers, whose text part older files call otherwise. */
    private static Map<String, String> storedNames(Safetensors file, ModelConfig config) {
        var names = new TreeMap<String, String>();
        for (String name : file.names()) {
            String own = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
            for (String other : List.of("model.language_model.", "language_model.model.", "model.")) {
                if (config.prefix().equals("model.language_model.") && own.startsWith(other)) {
                    own = config.prefix() + own.substring(other.length());
                    break;
                }
            }
            names.put(own, name);
        }
        return names;
    }

    private static Path existing(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new EngineException(file + " is missing; an adapter is a directory in PEFT layout.");
        }
        return file;
    }

    private static void fill(Parameters parameters, Safetensors file, Map<String, String> stored, Path peftDir,
            String base) {
        String other = base.isEmpty() ? "" : ", it was made for " + base;
        for (Parameters.Slot slot : parameters.slots()) {
            String name = stored.get(slot.name());
            if (name == null || !Arrays.equals(file.shape(name), slot.shape())) {
                throw new EngineException(peftDir + " does not fit the base model" + other + ": tensor " + PREFIX
                        + slot.name() + " of shape " + Arrays.toString(slot.shape()) + " is not there.");
            }
            file.readFloats(name, parameters.memory(slot));
        }
        stored.forEach((own, name) -> {
            if (!parameters.has(own)) {
                throw new EngineException(peftDir + " has tensor " + name
                        + ", which the base model has no layer for" + other + ".");
            }
        });
        if (!Double.isFinite(parameters.valueNorm())) {
            throw new EngineException(peftDir + " holds NaN or infinite numbers; take an earlier checkpoint.");
        }
    }

    /** Writes PEFT's two files into a directory, making it if need be; both are synced. */
    public void save(Path peftDir, String baseModelName) {
        try {
            Files.createDirectories(peftDir);
            var writer = new SafetensorsWriter();
            for (Parameters.Slot slot : parameters.slots()) {
                writer.add(PREFIX + slot.name(), SafetensorsWriter.DataType.F32, slot.shape(), parameters.memory(slot));
            }
            if (lora.embedding() && config.tiedEmbeddings()) {
                Parameters.Slot slot = parameters.slot(new ModelLayout(config).embedding());
                writer.add(PREFIX + TIED_HEAD, SafetensorsWriter.DataType.F32, slot.shape(), parameters.memory(slot));
            }
            writer.write(peftDir.resolve("adapter_model.safetensors"));
            DurableFiles.write(peftDir.resolve("adapter_config.json"),
                    (JSON.writerWithDefaultPrettyPrinter().writeValueAsString(
                            lora.toJson(baseModelName, config)) + "\n")
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new EngineException("The adapter cannot be written to " + peftDir + ": " + e.getMessage(), e);
        }
    }

    /**
     * The same adapter with gradients of its own, so that a second thread can form a share of them. Whoever asks for it
     * closes it before this.
     */
    public LoraAdapter replica() {
        return new LoraAdapter(lora, config, parameters.replica());
    }

    public LoraConfig config() {
        return lora;
    }

    /**
     * A and B of every adapted layer, by PEFT's names without {@code base_model.model.}, and the embedding where it is
     * trained, behind them all.
     */
    public Parameters parameters() {
        return parameters;
    }

    /** The embedding as it is adapted, if it is. */
    Optional<Weight> embedding() {
        return embedding;
    }

    DecoderLayer.Adapter factors(int layer) {
        return layers.get(layer);
    }

    void addTo(Parameters weights) {
        try (var scope = new PointerScope()) {
            for (LinearModule module : layout.adapted(parameters)) {
                layout.merge(module, weights.value(module.weight()), parameters);
            }
            embedding.ifPresent(own -> weights.value(new ModelLayout(config).embedding()).copy_(own.value()));
        }
    }

    @Override
    public void close() {
        layers.forEach(DecoderLayer.Adapter::close);
        views.close();
        parameters.close();
    }
}
