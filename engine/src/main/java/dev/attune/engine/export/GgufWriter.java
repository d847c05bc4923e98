package dev.attune.engine.export;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** Writes GGUF, version 3: head, places of the tensors, then the tensors, each at a multiple of 32 bytes. */
final class GgufWriter {
    static final int MAGIC = 0x46554747;
    static final int VERSION = 3;
    static final int ALIGNMENT = 32;

    private GgufWriter() {}

    /** Writes a file and syncs it to the disk; one tensor is in memory at a time. */
    static void write(Path file, Map<String, GgufValue> head, List<TensorPlan> tensors) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 18)) {
            byte[] start = head(head, tensors);
            out.write(start);
            pad(out, start.length);
            for (TensorPlan tensor : tensors) {
                TensorStream.write(tensor, out);
                pad(out, tensor.bytes());
            }
            out.flush();
            channel.force(true);
        }
    }

    /** How many bytes the file will have. */
    static long size(Map<String, GgufValue> head, List<TensorPlan> tensors) {
        return aligned(head(head, tensors).length) + tensors.stream().mapToLong(each -> aligned(each.bytes())).sum();
    }

    private static byte[] head(Map<String, GgufValue> head, List<TensorPlan> tensors) {
        var bytes = new GgufValue.Bytes();
        bytes.number(MAGIC).number(VERSION).wide(tensors.size()).wide(head.size());
        head.forEach((key, value) -> {
            bytes.text(key);
            value.write(bytes);
        });
        long offset = 0;
        for (TensorPlan tensor : tensors) {
            long[] shape = tensor.shape();
            bytes.text(tensor.name()).number(shape.length);
            for (int i = shape.length - 1; i >= 0; i--) {
                bytes.wide(shape[i]);
            }
            bytes.number(tensor.type().ggmlType()).wide(offset);
            offset += aligned(tensor.bytes());
        }
        return bytes.toArray();
    }

    private static void pad(OutputStream out, long size) throws IOException {
        out.write(new byte[(int) (aligned(size) - size)]);
    }

    static long aligned(long size) {
        return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
