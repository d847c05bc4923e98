package dev.attune.engine.export;

import dev.attune.engine.DurableFiles;
import dev.attune.engine.EngineException;
import dev.attune.engine.config.ModelFileNames;
import dev.attune.engine.model.MergedWeights;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.Safetensors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a whole model in Hugging Face layout, in the same files and under the same names as its base: the tensors of the
 * decoder with the adapter merged, all others as they are.
 */
final class HubExport {
    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final String INDEX = "model.safetensors.index.json";
    private static final String HEAD = "lm_head.weight";

    private final ExportRequest request;
    private final MergedWeights merged;
    private final List<Safetensors> open = new ArrayList<>();

    private HubExport(ExportRequest request, MergedWeights merged) {
        this.request = request;
        this.merged = merged;
    }

    static ExportReport run(ExportRequest request) {
        if (request.type().equals(Optional.of(NumberType.Q8_0))) {
            throw new EngineException("safetensors have no q8_0; give --type f32, f16 or bf16, or export as gguf.");
        }
        try (MergedWeights merged = MergedWeights.open(request.base(), request.adapter())) {
            return new HubExport(request, merged).write();
        }
    }

    private ExportReport write() {
        try {
            List<SafetensorsFile> files = files();
            long bytes = files.stream().mapToLong(SafetensorsFile::bytes).sum();
            var differences = new ArrayList<LogitDifference>();
            Staging.directory(request.out(), bytes + (1 << 20), aside -> {
                text(aside, bytes);
                for (SafetensorsFile file : files) {
                    file.write(aside);
                }
                for (SafetensorsFile file : files) {
                    file.compare(aside);
                }
                differences.add(ModelExport.checked(difference(aside), storedAs()));
            });
            int tensors = files.stream().mapToInt(file -> file.entries().size()).sum();
            return new ExportReport(request.out(), bytes, tensors, type(), Optional.of(differences.getFirst()),
                    List.of());
        } finally {
            open.forEach(Safetensors::close);
        }
    }

    private String type() {
        return request.type().map(NumberType::shown).orElse("as in the base model");
    }

    private NumberType storedAs() {
        return request.type().or(() -> NumberType.of(merged.storedType(merged.tensors().getFirst().name())))
                .orElse(NumberType.F16);
    }

    private LogitDifference difference(Path aside) {
        try (Safetensors written = Safetensors.openModel(aside)) {
            return LogitProbe.measure(request.base(), request.adapter(),
                    (tensor, memory) -> written.readFloats(merged.stored(tensor.name()), memory));
        }
    }

    /** The files of the weights: those of the base, tensor for tensor. */
    private List<SafetensorsFile> files() {
        var own = new HashMap<String, Parameters.Slot>();
        merged.tensors().forEach(slot -> own.put(merged.stored(slot.name()), slot));
        var files = new ArrayList<SafetensorsFile>();
        for (Path file : weights()) {
            Safetensors stored = Safetensors.openFile(file);
            open.add(stored);
            var entries = new ArrayList<SafetensorsFile.Entry>();
            for (String name : stored.names()) {
                entries.add(entry(name, stored, own));
            }
            files.add(new SafetensorsFile(String.valueOf(file.getFileName()), entries));
        }
        return files;
    }

    private SafetensorsFile.Entry entry(String name, Safetensors stored, Map<String, Parameters.Slot> own) {
        Optional<NumberType> type = NumberType.of(stored.dataType(name)).map(as -> request.type().orElse(as));
        Parameters.Slot slot = own.get(name);
        boolean head = slot == null && name.endsWith(HEAD) && merged.config().tiedEmbeddings();
        if (head) {
            // Some checkpoints hold the head a second time, though it is the embedding.
            slot = merged.tensors().stream().filter(each -> each.name().matches(".*\\.(embed_tokens|wte)\\.weight"))
                    .findFirst().orElseThrow();
        }
        if (slot == null || type.isEmpty()) {
            return new SafetensorsFile.Entry.Copied(name, stored.dataType(name), stored.shape(name),
                    stored.bytes(name));
        }
        String source = slot.name();
        return new SafetensorsFile.Entry.Computed(new TensorPlan(name, stored.shape(name), type.get(),
                memory -> merged.read(source, memory)));
    }

    private List<Path> weights() {
        Path single = request.base().resolve("model.safetensors");
        if (Files.isRegularFile(single)) {
            return List.of(single);
        }
        try (var entries = Files.list(request.base())) {
            return entries.filter(file -> ModelFileNames.isWeights(String.valueOf(file.getFileName()))).sorted()
                    .toList();
        } catch (IOException e) {
            throw new EngineException(request.base() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Everything but the weights. */
    private void text(Path aside, long bytes) throws IOException {
        Path base = request.base();
        List<Path> files;
        try (var entries = Files.walk(base, 2)) {
            files = entries.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            String name = base.relativize(file).toString().replace('\\', '/');
            if (name.equals("config.json") && request.type().isPresent()) {
                json(aside.resolve(name), typed((ObjectNode) JSON.readTree(file)));
            } else if (name.equals(INDEX) && !Files.isRegularFile(base.resolve("model.safetensors"))) {
                var index = (ObjectNode) JSON.readTree(file);
                index.withObject("metadata").put("total_size", bytes);
                json(aside.resolve(name), index);
            } else if (ModelFileNames.isText(name)) {
                Files.createDirectories(aside.resolve(name).resolveSibling("x").getParent());
                Files.copy(file, aside.resolve(name));
            }
        }
    }

    private ObjectNode typed(ObjectNode config) {
        String name = switch (request.type().orElseThrow()) {
            case F32 -> "float32";
            case F16 -> "float16";
            case BF16 -> "bfloat16";
            case Q8_0 -> throw new IllegalStateException();
        };
        for (String key : List.of("dtype", "torch_dtype")) {
            if (config.has(key)) {
                config.put(key, name);
            }
        }
        if (config.get("text_config") instanceof ObjectNode text) {
            typed(text);
        }
        return config;
    }

    private static void json(Path file, ObjectNode json) throws IOException {
        DurableFiles.write(file, (JSON.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
