package dev.attune.engine.export;

import dev.attune.engine.EngineException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A GGUF file, mapped into memory: the head as values, the tensors as bytes. Reads what {@link GgufWriter} writes and the
 * same kinds from others. Thread-safe; whoever opens it closes it.
 */
final class GgufFile implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Arena arena = Arena.ofShared();
    private final Path file;
    private final Map<String, GgufValue> head = new LinkedHashMap<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    /**
     * A tensor in the file.
     *
     * @param shape as in PyTorch, the last dimension contiguous
     */
    record Tensor(long[] shape, NumberType type, MemorySegment bytes) {}

    private GgufFile(Path file) {
        this.file = file;
    }

    /**
     * Opens a file.
     *
     * @throws EngineException where it is not GGUF, cut off, or holds kinds that are not read
     */
    static GgufFile open(Path file) {
        var opened = new GgufFile(file);
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            opened.read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), opened.arena));
            return opened;
        } catch (IOException | IndexOutOfBoundsException e) {
            opened.close();
            throw new EngineException(file + " is not a GGUF file that can be read, or it is cut off.", e);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    Map<String, GgufValue> head() {
        return Collections.unmodifiableMap(head);
    }

    /**
     * A tensor by its name.
     *
     * @throws EngineException where there is none
     */
    Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new EngineException(file + " has no tensor " + name + ".");
        }
        return tensor;
    }

    private void read(MemorySegment all) {
        var cursor = new Cursor(all);
        if (cursor.number() != GgufWriter.MAGIC || cursor.number() != GgufWriter.VERSION) {
            throw new EngineException(file + " is not a GGUF file of version " + GgufWriter.VERSION + ".");
        }
        long tensorCount = cursor.wide();
        long values = cursor.wide();
        for (long i = 0; i < values; i++) {
            head.put(cursor.text(), cursor.value(cursor.number()));
        }
        var infos = new LinkedHashMap<String, Info>();
        for (long i = 0; i < tensorCount; i++) {
            infos.put(cursor.text(), Info.read(cursor));
        }
        MemorySegment data = all.asSlice(GgufWriter.aligned(cursor.at));
        infos.forEach((name, info) -> {
            long count = 1;
            for (long size : info.shape) {
                count *= size;
            }
            tensors.put(name,
                    new Tensor(info.shape, info.type, data.asSlice(info.offset, info.type.bytes(count))));
        });
    }

    private record Info(long[] shape, NumberType type, long offset) {
        static Info read(Cursor cursor) {
            var shape = new long[cursor.number()];
            for (int i = shape.length - 1; i >= 0; i--) {
                shape[i] = cursor.wide();
            }
            return new Info(shape, NumberType.ofGgmlType(cursor.number()), cursor.wide());
        }
    }

    /** Where one reads, and how. */
    private final class Cursor {
        private final MemorySegment bytes;
        private long at;

        Cursor(MemorySegment bytes) {
            this.bytes = bytes;
        }

        int number() {
            at += 4;
            return bytes.get(INT, at - 4);
        }

        long wide() {
            at += 8;
            return bytes.get(LONG, at - 8);
        }

        String text() {
            long length = wide();
            at += length;
            return new String(bytes.asSlice(at - length, length).toArray(ValueLayout.JAVA_BYTE),
                    StandardCharsets.UTF_8);
        }

        GgufValue value(int kind) {
            return switch (kind) {
                case GgufValue.UINT32, GgufValue.INT32 -> new GgufValue.Whole(number());
                case GgufValue.FLOAT32 -> new GgufValue.Real(Float.intBitsToFloat(number()));
                case GgufValue.BOOL -> new GgufValue.Flag(bytes.get(ValueLayout.JAVA_BYTE, at++) != 0);
                case GgufValue.STRING -> new GgufValue.Text(text());
                case GgufValue.ARRAY -> array(number(), wide());
                default -> throw new EngineException(file + " has a value of kind " + kind + ", which is not read.");
            };
        }

        private GgufValue array(int kind, long length) {
            var values = new ArrayList<GgufValue>();
            for (long i = 0; i < length; i++) {
                values.add(value(kind));
            }
            return switch (kind) {
                case GgufValue.STRING -> new GgufValue.Texts(
                        values.stream().map(each -> ((GgufValue.Text) each).text()).toList());
                case GgufValue.FLOAT32 -> new GgufValue.Reals(
                        values.stream().map(each -> ((GgufValue.Real) each).number()).toList());
                case GgufValue.INT32, GgufValue.UINT32 -> new GgufValue.Wholes(
                        values.stream().map(each -> ((GgufValue.Whole) each).number()).toList());
                default -> throw new EngineException(file + " has a list of kind " + kind + ", which is not read.");
            };
        }
    }

    /** The names of all tensors in their order. */
    List<String> names() {
        return List.copyOf(tensors.keySet());
    }

    @Override
    public void close() {
        arena.close();
    }
}
