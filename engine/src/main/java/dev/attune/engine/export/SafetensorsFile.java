package dev.attune.engine.export;

import dev.attune.engine.EngineException;
import dev.attune.engine.tensor.Safetensors;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * One safetensors file that is to be written: tensors that are computed, and others that are copied byte for byte.
 *
 * @param name of the file
 */
record SafetensorsFile(String name, List<Entry> entries) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A tensor of the file. */
    sealed interface Entry {
        String name();

        String dataType();

        long[] shape();

        long bytes();

        /** Its numbers come from elsewhere. */
        record Computed(TensorPlan plan) implements Entry {
            @Override
            public String name() {
                return plan.name();
            }

            @Override
            public String dataType() {
                return plan.type().name();
            }

            @Override
            public long[] shape() {
                return plan.shape();
            }

            @Override
            public long bytes() {
                return plan.bytes();
            }
        }

        /** It stays what it is. */
        record Copied(String name, String dataType, long[] shape, MemorySegment content) implements Entry {
            @Override
            public long bytes() {
                return content.byteSize();
            }
        }
    }

    SafetensorsFile {
        entries = List.copyOf(entries);
    }

    long bytes() {
        return entries.stream().mapToLong(Entry::bytes).sum();
    }

    /** Writes the file into a folder and syncs it; one tensor is in memory at a time. */
    void write(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder.resolve(name), StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 18)) {
            byte[] header = header();
            out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
            out.write(header);
            for (Entry entry : entries) {
                switch (entry) {
                    case Entry.Computed(TensorPlan plan) -> TensorStream.write(plan, out);
                    case Entry.Copied copied -> copy(copied.content(), out);
                }
            }
            out.flush();
            channel.force(true);
        }
    }

    /** Reads the file back and compares every tensor. */
    void compare(Path folder) {
        try (Safetensors written = Safetensors.openFile(folder.resolve(name))) {
            for (Entry entry : entries) {
                MemorySegment bytes = written.bytes(entry.name());
                switch (entry) {
                    case Entry.Computed(TensorPlan plan) -> TensorStream.compare(plan, bytes);
                    case Entry.Copied copied -> {
                        if (copied.content().mismatch(bytes) >= 0) {
                            throw new EngineException("Reading back, tensor " + copied.name()
                                    + " is not what was copied; the disk did not keep it, so try another one.");
                        }
                    }
                }
            }
        }
    }

    private byte[] header() {
        var json = new LinkedHashMap<String, Object>();
        json.put("__metadata__", Map.of("format", "pt"));
        long offset = 0;
        for (Entry entry : entries) {
            var tensor = new LinkedHashMap<String, Object>();
            tensor.put("dtype", entry.dataType());
            tensor.put("shape", entry.shape());
            tensor.put("data_offsets", List.of(offset, offset + entry.bytes()));
            json.put(entry.name(), tensor);
            offset += entry.bytes();
        }
        byte[] text = JSON.writeValueAsString(json).getBytes(StandardCharsets.UTF_8);
        byte[] padded = java.util.Arrays.copyOf(text, (text.length + 7) / 8 * 8);
        java.util.Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        return padded;
    }

    private static void copy(MemorySegment content, OutputStream out) throws IOException {
        long chunk = 1 << 20;
        for (long from = 0; from < content.byteSize(); from += chunk) {
            out.write(content.asSlice(from, Math.min(chunk, content.byteSize() - from))
                    .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
        }
    }
}
