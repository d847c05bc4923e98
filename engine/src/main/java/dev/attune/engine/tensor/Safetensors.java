package dev.attune.engine.tensor;

import dev.attune.engine.EngineException;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tensors of one safetensors file, or of a model directory with one file or shards, mapped into memory. Nothing is
 * read before it is asked for. Thread-safe; whoever opens it closes it.
 */
public final class Safetensors implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Arena arena = Arena.ofShared();
    private final Map<String, Entry> entries = new TreeMap<>();

    private record Entry(Path file, String dataType, long[] shape, MemorySegment bytes) {}

    private Safetensors() {}

    /** Whether two tensors are of the same kind and shape and hold the same bytes. */
    public boolean sameBytes(String one, String other) {
        Entry a = entry(one);
        Entry b = entry(other);
        return a.dataType.equals(b.dataType) && Arrays.equals(a.shape, b.shape) && a.bytes.mismatch(b.bytes) < 0;
    }

    /** Opens one file. */
    public static Safetensors openFile(Path file) {
        var opened = new Safetensors();
        try {
            opened.map(file);
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** Opens {@code model.safetensors}, or all shards that {@code model.safetensors.index.json} names. */
    public static Safetensors openModel(Path modelDir) {
        Path index = modelDir.resolve("model.safetensors.index.json");
        Path single = modelDir.resolve("model.safetensors");
        if (Files.isRegularFile(single)) {
            return openFile(single);
        }
        if (!Files.isRegularFile(index)) {
            throw new EngineException(modelDir + " has no model.safetensors and no model.safetensors.index.json;"
                    + " download the model's weights as well.");
        }
        var opened = new Safetensors();
        try {
            var files = new TreeSet<String>();
            JSON.readTree(Files.readString(index)).path("weight_map").values()
                    .forEach(file -> files.add(file.asString()));
            List<String> missing = files.stream().filter(file -> !Files.isRegularFile(modelDir.resolve(file))).toList();
            if (!missing.isEmpty()) {
                throw new EngineException(modelDir + ": " + String.join(", ", missing) + (missing.size() == 1
                        ? " is"
                        : " are") + " missing, which model.safetensors.index.json names; download the model again.");
            }
            files.forEach(file -> opened.map(modelDir.resolve(file)));
            return opened;
        } catch (IOException | JacksonException e) {
            opened.close();
            throw new EngineException(index + " cannot be read: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void map(Path file) {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            long header = all.byteSize() < 8 ? -1 : all.get(LONG, 0);
            if (header < 2 || header > all.byteSize() - 8) {
                throw new EngineException(file + " is not a safetensors file, or it is cut off.");
            }
            var text = new String(all.asSlice(8, header).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
            MemorySegment data = all.asSlice(8 + header);
            for (var property : JSON.readTree(text).properties()) {
                if (!property.getKey().equals("__metadata__")) {
                    entries.put(property.getKey(), entry(file, property.getKey(), property.getValue(), data));
                }
            }
        } catch (IOException | JacksonException e) {
            throw new EngineException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Entry entry(Path file, String name, JsonNode json, MemorySegment data) {
        JsonNode shapeJson = json.path("shape");
        var shape = new long[shapeJson.size()];
        long count = 1;
        for (int i = 0; i < shape.length; i++) {
            shape[i] = shapeJson.path(i).asLong(-1);
            count *= shape[i];
        }
        String type = json.path("dtype").asString("");
        long from = json.path("data_offsets").path(0).asLong(-1);
        long to = json.path("data_offsets").path(1).asLong(-1);
        if (from < 0 || to > data.byteSize() || to - from != count * width(type, name, file)) {
            throw new EngineException(
                    file + " is damaged: the bytes of tensor " + name + " do not fit its shape or the file.");
        }
        return new Entry(file, type, shape, data.asSlice(from, to - from));
    }

    private static int width(String type, String name, Path file) {
        return switch (type) {
            case "F64", "I64", "U64" -> 8;
            case "F32", "I32", "U32" -> 4;
            case "F16", "BF16", "I16", "U16" -> 2;
            case "BOOL", "I8", "U8", "F8_E4M3", "F8_E5M2" -> 1;
            default -> throw new EngineException(file + ": tensor " + name + " has unknown type " + type + ".");
        };
    }

    /** The names of all tensors, sorted. */
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    /** Every tensor's shape by name, in the names' order. */
    public Map<String, long[]> shapes() {
        var shapes = new LinkedHashMap<String, long[]>();
        entries.forEach((name, entry) -> shapes.put(name, entry.shape.clone()));
        return shapes;
    }

    public boolean has(String name) {
        return entries.containsKey(name);
    }

    /** The shape of one tensor. */
    public long[] shape(String name) {
        return entry(name).shape.clone();
    }

    /** The type in which a tensor's numbers are stored, such as {@code BF16}. */
    public String dataType(String name) {
        return entry(name).dataType;
    }

    /** The tensor's bytes as they are stored, read-only; valid until this is closed. */
    public MemorySegment bytes(String name) {
        return entry(name).bytes;
    }

    /** Whether no number of a tensor is NaN or infinite; whole numbers never are. */
    public boolean isFinite(String name) {
        Entry entry = entry(name);
        long count = count(entry.shape);
        return switch (entry.dataType) {
            case "F32" -> LongStream.range(0, count)
                    .noneMatch(i -> (entry.bytes.get(INT, 4 * i) & 0x7f800000) == 0x7f800000);
            case "BF16" -> LongStream.range(0, count)
                    .noneMatch(i -> (entry.bytes.get(SHORT, 2 * i) & 0x7f80) == 0x7f80);
            case "F16" -> LongStream.range(0, count)
                    .noneMatch(i -> (entry.bytes.get(SHORT, 2 * i) & 0x7c00) == 0x7c00);
            default -> true;
        };
    }

    /** The tensor's numbers as floats, row-major; F32, F16 and BF16 are read. */
    public float[] floats(String name) {
        Entry entry = entry(name);
        var values = new float[Math.toIntExact(count(entry.shape))];
        readFloats(name, MemorySegment.ofArray(values));
        return values;
    }

    /** The tensor's whole numbers; I64 and I32 are read. */
    public long[] longs(String name) {
        Entry entry = entry(name);
        var values = new long[Math.toIntExact(count(entry.shape))];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (entry.dataType) {
                case "I64" -> entry.bytes.get(LONG, 8L * i);
                case "I32" -> entry.bytes.get(INT, 4L * i);
                default -> throw new EngineException(entry.file + ": tensor " + name + " is not of whole numbers.");
            };
        }
        return values;
    }

    /** Copies the tensor, widened to 32-bit floats in native order, into memory of at least 4 bytes a number. */
    public void readFloats(String name, MemorySegment destination) {
        Entry entry = entry(name);
        long count = count(entry.shape);
        switch (entry.dataType) {
            case "F32" -> MemorySegment.copy(entry.bytes, 0, destination, 0, 4 * count);
            case "BF16" -> {
                for (long i = 0; i < count; i++) {
                    destination.set(ValueLayout.JAVA_INT_UNALIGNED, 4 * i, entry.bytes.get(SHORT, 2 * i) << 16);
                }
            }
            case "F16" -> {
                for (long i = 0; i < count; i++) {
                    destination.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * i,
                            Float.float16ToFloat(entry.bytes.get(SHORT, 2 * i)));
                }
            }
            default -> throw new EngineException(
                    entry.file + ": tensor " + name + " is " + entry.dataType + "; F32, F16 and BF16 are read.");
        }
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            String where = entries.isEmpty() ? "The file" : entries.values().iterator().next().file.toString();
            throw new EngineException(where + " has no tensor " + name + ".");
        }
        return entry;
    }

    private static long count(long[] shape) {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        return count;
    }

    @Override
    public void close() {
        arena.close();
    }
}
