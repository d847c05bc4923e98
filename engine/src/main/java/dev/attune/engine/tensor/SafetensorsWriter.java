package dev.attune.engine.tensor;

import dev.attune.engine.EngineException;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Collects tensors and writes them as one safetensors file, synced to the disk. Not thread-safe. The same tensors give
 * the same bytes.
 */
public final class SafetensorsWriter {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final List<Part> parts = new ArrayList<>();

    private record Part(String name, DataType type, long[] shape, MemorySegment floats) {
        long count() {
            return floats.byteSize() / 4;
        }

        long bytes() {
            return count() * type.width;
        }
    }

    /** How a number is stored. */
    public enum DataType {
        F32(4), F16(2), BF16(2);

        private final int width;

        DataType(int width) {
            this.width = width;
        }
    }

    /**
     * Adds a tensor.
     *
     * @param floats its numbers as 32-bit floats in native order, row-major; must stay valid until it is written
     */
    public SafetensorsWriter add(String name, DataType type, long[] shape, MemorySegment floats) {
        parts.add(new Part(name, type, shape.clone(), floats));
        return this;
    }

    /** Writes the file, replacing what was there. */
    public void write(Path file) {
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 18)) {
            byte[] header = header();
            out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
            out.write(header);
            for (Part part : parts) {
                write(part, out);
            }
            out.flush();
            channel.force(true);
        } catch (IOException e) {
            throw new EngineException(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    private byte[] header() {
        var json = new LinkedHashMap<String, Object>();
        json.put("__metadata__", Map.of("format", "pt"));
        long offset = 0;
        for (Part part : parts) {
            json.put(part.name, entry(part, offset));
            offset += part.bytes();
        }
        var text = new StringBuilder(JSON.writeValueAsString(json));
        while (text.toString().getBytes(StandardCharsets.UTF_8).length % 8 != 0) {
            text.append(' ');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Object> entry(Part part, long offset) {
        var entry = new LinkedHashMap<String, Object>();
        entry.put("dtype", part.type.name());
        entry.put("shape", part.shape);
        entry.put("data_offsets", List.of(offset, offset + part.bytes()));
        return entry;
    }

    private static void write(Part part, OutputStream out) throws IOException {
        int chunk = 1 << 16;
        var buffer = ByteBuffer.allocate(chunk * part.type.width).order(ByteOrder.LITTLE_ENDIAN);
        for (long from = 0; from < part.count(); from += chunk) {
            buffer.clear();
            for (long i = from; i < Math.min(part.count(), from + chunk); i++) {
                int bits = part.floats.get(ValueLayout.JAVA_INT_UNALIGNED, 4 * i);
                switch (part.type) {
                    case F32 -> buffer.putInt(bits);
                    case F16 -> buffer.putShort(Float.floatToFloat16(Float.intBitsToFloat(bits)));
                    case BF16 -> buffer.putShort(toBfloat16(bits));
                }
            }
            out.write(buffer.array(), 0, buffer.position());
        }
    }

    /** The upper half of a float, rounded to nearest, ties to even; NaN stays NaN. */
    static short toBfloat16(int bits) {
        if ((bits & 0x7fffffff) > 0x7f800000) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }
}
