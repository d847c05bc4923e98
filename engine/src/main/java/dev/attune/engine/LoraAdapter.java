package dev.attune.engine;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A low-rank adapter of one base model in memory, read from and written to PEFT's layout
 * ({@code adapter_config.json}, {@code adapter_model.safetensors}). Reading passes may share it; training it belongs to
 * one thread. Whoever makes it closes it.
 */
public final class LoraAdapter implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PREFIX = "base_model.model.";

    private final LoraConfig lora;
    private final ModelConfig config;
    private final Parameters parameters;
    private final PointerScope views;
    private final List<DecoderLayer.Adapter> layers = new ArrayList<>();

    private LoraAdapter(LoraConfig lora, ModelConfig config, Parameters parameters) {
        this.lora = lora;
        this.config = config;
        this.parameters = parameters;
        var scope = new PointerScope();
        try {
            Tensor nothing = Tensors.zeros(0);
            for (int layer = 0; layer < config.layers(); layer++) {
                var groups = new ArrayList<Optional<LoraFactors>>();
                for (List<LinearModule> group : LinearModule.GROUPS) {
                    groups.add(factors(layer, group, nothing));
                }
                layers.add(new DecoderLayer.Adapter(groups.get(0), groups.get(1), groups.get(2), groups.get(3)));
            }
        } finally {
            this.views = scope.extend();
            scope.close();
        }
    }

    private Optional<LoraFactors> factors(int layer, List<LinearModule> group, Tensor nothing) {
        var ups = new ArrayList<LoraFactors.Up>();
        var downs = new ArrayList<String>();
        long column = 0;
        for (LinearModule module : group) {
            String name = module.in(layer);
            if (parameters.has(a(name))) {
                ups.add(new LoraFactors.Up(column, module.outputs(config), (long) downs.size() * lora.rank(),
                        lora.rank(), parameters.value(b(name)),
                        parameters.trained() ? parameters.gradient(b(name)) : nothing));
                downs.add(a(name));
            }
            column += module.outputs(config);
        }
        if (ups.isEmpty()) {
            return Optional.empty();
        }
        Tensor down = parameters.stacked(parameters.values(), downs.getFirst(), downs.getLast());
        Tensor gradient = parameters.trained()
                ? parameters.stacked(parameters.gradients(), downs.getFirst(), downs.getLast())
                : nothing;
        return Optional.of(new LoraFactors(down, gradient, lora.scale(), ups));
    }

    private static String a(String module) {
        return module + ".lora_A.weight";
    }

    private static String b(String module) {
        return module + ".lora_B.weight";
    }

    /** Lays out A and B of all adapted modules, the A of a group next to each other. */
    private static Parameters allocate(LoraConfig lora, ModelConfig config, boolean trained) {
        var layout = new Parameters.Layout();
        int adapted = 0;
        for (int layer = 0; layer < config.layers(); layer++) {
            for (List<LinearModule> group : LinearModule.GROUPS) {
                int current = layer;
                List<LinearModule> chosen = group.stream().filter(module -> lora.targets(module.in(current))).toList();
                chosen.forEach(module -> layout.add(a(module.in(current)), lora.rank(), module.inputs(config)));
                chosen.forEach(module -> layout.add(b(module.in(current)), module.outputs(config), lora.rank()));
                adapted += chosen.size();
            }
        }
        if (adapted == 0) {
            throw new EngineException("No layer of the model is named " + lora.targetModules()
                    + "; name layers such as q_proj, or all-linear.");
        }
        return layout.allocate(trained);
    }

    /** A new adapter to train: A uniform in ±1/√inputs (Kaiming with a = √5), B zero, so that it changes nothing yet. */
    public static LoraAdapter create(LoraConfig lora, ModelConfig config, long seed) {
        Parameters parameters = allocate(lora, config, true);
        var random = new SplittableRandom(seed);
        for (Parameters.Slot slot : parameters.slots()) {
            if (slot.name().endsWith(".lora_A.weight")) {
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
     * @throws EngineException if it is missing or damaged, belongs to another model, or is more than plain LoRA
     */
    public static LoraAdapter load(Path peftDir, ModelConfig config, boolean trained) {
        try (Safetensors file = Safetensors.openFile(existing(peftDir.resolve("adapter_model.safetensors")))) {
            LoraConfig lora = readConfig(existing(peftDir.resolve("adapter_config.json")), file);
            Parameters parameters = allocate(lora, config, trained);
            try {
                fill(parameters, file, peftDir);
                return new LoraAdapter(lora, config, parameters);
            } catch (RuntimeException e) {
                parameters.close();
                throw e;
            }
        }
    }

    private static Path existing(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new EngineException(file + " is missing; an adapter is a directory in PEFT layout.");
        }
        return file;
    }

    private static void fill(Parameters parameters, Safetensors file, Path peftDir) {
        for (Parameters.Slot slot : parameters.slots()) {
            String name = PREFIX + slot.name();
            if (!file.has(name) || !Arrays.equals(file.shape(name), slot.shape())) {
                throw new EngineException(peftDir + " does not fit the base model: tensor " + name
                        + " of shape " + Arrays.toString(slot.shape()) + " is not there.");
            }
            file.readFloats(name, parameters.memory(slot));
        }
        for (String name : file.names()) {
            if (!name.startsWith(PREFIX) || !parameters.has(name.substring(PREFIX.length()))) {
                throw new EngineException(peftDir + " has tensor " + name + ", which the base model has no layer for.");
            }
        }
    }

    private static LoraConfig readConfig(Path file, Safetensors tensors) {
        try {
            JsonNode json = JSON.readTree(Files.readString(file));
            refuseWhatIsNotPlainLora(json, file);
            return new LoraConfig(json.path("r").asInt(8), json.path("lora_alpha").asDouble(8),
                    targets(json.path("target_modules"), tensors), json.path("use_rslora").asBoolean(false));
        } catch (IOException | JacksonException e) {
            throw new EngineException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void refuseWhatIsNotPlainLora(JsonNode json, Path file) {
        if (!json.path("peft_type").asString("LORA").equals("LORA")) {
            throw new EngineException(file + " says peft_type " + json.path("peft_type") + "; only LORA is known.");
        }
        for (String flag : List.of("use_dora", "fan_in_fan_out", "lora_bias", "use_qalora", "use_bdlora")) {
            if (json.path(flag).asBoolean(false)) {
                throw new EngineException(file + " says " + flag + "; only plain LoRA is known.");
            }
        }
        for (String more : List.of("modules_to_save", "rank_pattern", "alpha_pattern", "target_parameters",
                "trainable_token_indices", "layer_replication")) {
            if (!json.path(more).isEmpty()) {
                throw new EngineException(file + " uses " + more + "; only plain LoRA of one rank is known.");
            }
        }
        if (!json.path("bias").asString("none").equals("none")) {
            throw new EngineException(file + " trains biases; only plain LoRA is known.");
        }
    }

    /** A list of names as it is; a pattern as the modules that the file has tensors of. */
    private static List<String> targets(JsonNode json, Safetensors tensors) {
        if (json.isArray()) {
            return json.values().stream().map(JsonNode::asString).sorted().toList();
        }
        if (json.asString("").equals(LoraConfig.ALL_LINEAR)) {
            return List.of(LoraConfig.ALL_LINEAR);
        }
        return tensors.names().stream().filter(name -> name.startsWith(PREFIX) && name.endsWith(".lora_A.weight"))
                .map(name -> name.substring(PREFIX.length(), name.length() - ".lora_A.weight".length())).toList();
    }

    /** Writes PEFT's two files into a directory, making it if need be; both are synced. */
    public void save(Path peftDir, String baseModelName) {
        try {
            Files.createDirectories(peftDir);
            var writer = new SafetensorsWriter();
            for (Parameters.Slot slot : parameters.slots()) {
                writer.add(PREFIX + slot.name(), SafetensorsWriter.DataType.F32, slot.shape(), parameters.memory(slot));
            }
            writer.write(peftDir.resolve("adapter_model.safetensors"));
            DurableFiles.write(peftDir.resolve("adapter_config.json"),
                    (JSON.writerWithDefaultPrettyPrinter().writeValueAsString(lora.toJson(baseModelName)) + "\n")
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

    /** A and B of every adapted layer, by PEFT's names without {@code base_model.model.}. */
    public Parameters parameters() {
        return parameters;
    }

    DecoderLayer.Adapter factors(int layer) {
        return layers.get(layer);
    }

    void addTo(Parameters weights) {
        try (var scope = new PointerScope()) {
            var scale = new Scalar((float) lora.scale());
            for (int layer = 0; layer < config.layers(); layer++) {
                for (LinearModule module : LinearModule.values()) {
                    String name = module.in(layer);
                    if (parameters.has(a(name))) {
                        weights.value(name + ".weight").addmm_(parameters.value(b(name)), parameters.value(a(name)),
                                new Scalar(1f), scale);
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        views.close();
        parameters.close();
    }
}
