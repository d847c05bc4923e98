package dev.attune.engine.export;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.model.LoraAdapter;
import dev.attune.engine.model.MergedWeights;
import dev.attune.engine.tensor.Parameters;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes a model with its adapter merged, or the adapter alone, as one GGUF file. */
final class GgufExport {
    /** Quantized numbers are of the kind of 2023; the key says so. */
    private static final int QUANTIZATION_VERSION = 2;

    private final ExportRequest request;
    private final MergedWeights merged;
    private final ModelConfig config;
    private final Problems problems = new Problems();
    private final GgufArchitecture architecture;
    private final Map<String, GgufValue> head = new LinkedHashMap<>();

    private GgufExport(ExportRequest request, MergedWeights merged) {
        this.request = request;
        this.merged = merged;
        this.config = merged.config();
        this.architecture = GgufArchitecture.of(config, problems);
    }

    static ExportReport run(ExportRequest request) {
        try (MergedWeights merged = MergedWeights.open(request.base(), request.adapter())) {
            var export = new GgufExport(request, merged);
            return request.adapterOnly() ? export.adapter() : export.model();
        }
    }

    private ExportReport model() {
        NumberType type = request.type().orElseGet(() -> NumberType
                .of(merged.storedType(merged.tensors().getFirst().name())).orElse(NumberType.F16));
        head.put("general.architecture", new GgufValue.Text(architecture.name()));
        head.put("general.type", new GgufValue.Text("model"));
        head.put("general.name", new GgufValue.Text(request.name()));
        head.put("general.file_type", new GgufValue.Whole(type.fileType()));
        head.put("general.quantization_version", new GgufValue.Whole(QUANTIZATION_VERSION));
        head.putAll(architecture.keys());
        head.putAll(GgufTokenizer.of(request.base(), config, problems));
        problems.check();
        var plans = new ArrayList<TensorPlan>(architecture.rope().tensors());
        merged.tensors().forEach(slot -> plans.add(plan(slot, type)));
        return write(plans, type, "", file -> Optional.of(difference(file)));
    }

    private TensorPlan plan(Parameters.Slot slot, NumberType wanted) {
        Arrangement arrangement = Arrangement.of(slot.name(), config);
        long[] shape = arrangement.shape(slot.shape());
        String name = GgufNames.of(slot.name(), config);
        boolean small = shape.length == 1 || name.startsWith("position_embd");
        NumberType type = small
                ? NumberType.F32
                : wanted.fits(shape[shape.length - 1]) ? wanted : NumberType.F16;
        return new TensorPlan(name, shape, type, memory -> {
            merged.read(slot.name(), memory);
            arrangement.apply(memory, slot.shape());
        });
    }

    private LogitDifference difference(GgufFile file) {
        return LogitProbe.measure(request.base(), request.adapter(), (slot, memory) -> {
            GgufFile.Tensor tensor = file.tensor(GgufNames.of(slot.name(), config));
            TensorStream.decode(tensor.type(), tensor.bytes(), slot.size(), memory);
            Arrangement.of(slot.name(), config).undo(memory, slot.shape());
        });
    }

    private ExportReport adapter() {
        LoraAdapter lora = merged.adapter().orElseThrow(() -> new EngineException(request.base()
                + " is a base model and has no adapter; export it without --adapter-only."));
        if (lora.config().embedding()) {
            problems.add("the adapter trains the embedding as a whole, for which its adapters have no form; without"
                    + " --adapter-only it is merged");
        }
        if (lora.config().magnitudes()) {
            problems.add("the adapter has magnitudes (DoRA), for which its adapters have no form; without"
                    + " --adapter-only it is merged");
        }
        NumberType type = request.type().orElse(NumberType.F32);
        if (type == NumberType.Q8_0) {
            throw new EngineException("An adapter is not stored as q8_0; give --type f32, f16 or bf16.");
        }
        head.put("general.architecture", new GgufValue.Text(architecture.name()));
        head.put("general.type", new GgufValue.Text("adapter"));
        head.put("general.name", new GgufValue.Text(request.name()));
        head.put("general.file_type", new GgufValue.Whole(type.fileType()));
        head.put("adapter.type", new GgufValue.Text("lora"));
        head.put("adapter.lora.alpha", new GgufValue.Real((float) lora.config().alpha()));
        problems.check();
        var plans = new ArrayList<TensorPlan>();
        merged.adapted().forEach(module -> factors(module, lora, type, plans));
        return write(plans, type, "-lora", file -> Optional.empty());
    }

    /** A as it is; B with what llama.cpp's alpha / rank is not of the layer's own factor. */
    private void factors(String module, LoraAdapter lora, NumberType type, List<TensorPlan> plans) {
        Parameters.Slot down = merged.down(module);
        Parameters.Slot up = merged.up(module);
        String name = GgufNames.of(module + ".weight", config);
        float rest = (float) (merged.scale(module) * up.shape()[1] / lora.config().alpha());
        boolean rows = Arrangement.of(module + ".weight", config) instanceof Arrangement.Interleaved;
        plans.add(new TensorPlan(name + ".lora_a", down.shape(), type,
                memory -> memory.copyFrom(lora.parameters().memory(down))));
        plans.add(new TensorPlan(name + ".lora_b", up.shape(), type, memory -> {
            memory.copyFrom(lora.parameters().memory(up));
            multiply(memory, up.size(), rest);
            if (rows) {
                new Arrangement.Interleaved(config.headSize()).apply(memory, up.shape());
            }
        }));
    }

    private static void multiply(MemorySegment memory, long count, float factor) {
        for (long i = 0; factor != 1 && i < count; i++) {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, factor * memory.getAtIndex(ValueLayout.JAVA_FLOAT, i));
        }
    }

    /** Looks at the file that was written. */
    private interface Look {
        Optional<LogitDifference> at(GgufFile file);
    }

    private ExportReport write(List<TensorPlan> plans, NumberType type, String kind, Look look) {
        Path target = request.out()
                .resolve(request.name().replaceAll("[^A-Za-z0-9._-]+", "-") + kind + "-" + type.shown() + ".gguf");
        long bytes = GgufWriter.size(head, plans);
        var differences = new ArrayList<LogitDifference>();
        Staging.file(target, bytes, aside -> {
            GgufWriter.write(aside, head, plans);
            try (GgufFile file = GgufFile.open(aside)) {
                compare(file, plans);
                look.at(file).ifPresent(difference -> differences.add(ModelExport.checked(difference, type)));
            }
        });
        return new ExportReport(target, bytes, plans.size(), type.shown(), differences.stream().findFirst(),
                problems.remarks());
    }

    private void compare(GgufFile file, List<TensorPlan> plans) {
        if (!file.head().equals(head) || !file.names().equals(plans.stream().map(TensorPlan::name).toList())) {
            throw new EngineException(
                    "Reading back, the head of the GGUF is not what was written; the disk did not keep it, so try"
                            + " another one.");
        }
        plans.forEach(plan -> TensorStream.compare(plan, file.tensor(plan.name()).bytes()));
    }
}
