package dev.attune.engine.export;

import dev.attune.engine.EngineException;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Carries tensors to a file and compares what a file has with what it should have, one tensor in memory at a time. */
final class TensorStream {
    private static final int CHUNK = 1 << 16;

    private TensorStream() {}

    /** Writes the numbers of a tensor. */
    static void write(TensorPlan plan, OutputStream out) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment numbers = numbers(plan, arena);
            var chunk = new float[CHUNK];
            ByteBuffer bytes = ByteBuffer.allocate(4 * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
            for (long from = 0; from < plan.count(); from += CHUNK) {
                int count = (int) Math.min(CHUNK, plan.count() - from);
                MemorySegment.copy(numbers, ValueLayout.JAVA_FLOAT, 4 * from, chunk, 0, count);
                plan.type().encode(chunk, count, bytes.clear());
                out.write(bytes.array(), 0, bytes.position());
            }
        }
    }

    /**
     * Compares what was written with its source.
     *
     * @param written the bytes of the tensor in the file
     * @throws EngineException where a number is further away than storing it explains
     */
    static void compare(TensorPlan plan, MemorySegment written) {
        if (written.byteSize() != plan.bytes()) {
            throw new EngineException("Reading back, tensor " + plan.name() + " has " + written.byteSize()
                    + " bytes, not " + plan.bytes() + "; the disk did not keep what was written, so try another one.");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment numbers = numbers(plan, arena);
            var wanted = new float[CHUNK];
            var found = new float[CHUNK];
            for (long from = 0; from < plan.count(); from += CHUNK) {
                int count = (int) Math.min(CHUNK, plan.count() - from);
                MemorySegment.copy(numbers, ValueLayout.JAVA_FLOAT, 4 * from, wanted, 0, count);
                decode(plan.type(), written, from, count, found);
                compare(plan, wanted, found, count);
            }
        }
    }

    /** Reads numbers of a stored tensor, from a place that is a multiple of 32. */
    static void decode(NumberType type, MemorySegment stored, long from, int count, float[] into) {
        ByteBuffer bytes = stored.asSlice(type.bytes(from), type.bytes(count)).asByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN);
        type.decode(bytes, into, count);
    }

    /** Widens a whole stored tensor. */
    static void decode(NumberType type, MemorySegment stored, long count, MemorySegment destination) {
        var chunk = new float[CHUNK];
        for (long from = 0; from < count; from += CHUNK) {
            int some = (int) Math.min(CHUNK, count - from);
            decode(type, stored, from, some, chunk);
            MemorySegment.copy(chunk, 0, destination, ValueLayout.JAVA_FLOAT, 4 * from, some);
        }
    }

    private static void compare(TensorPlan plan, float[] wanted, float[] found, int count) {
        for (int block = 0; block < count; block += 32) {
            int end = Math.min(count, block + 32);
            double largest = 0;
            for (int i = block; i < end; i++) {
                largest = Math.max(largest, Math.abs(wanted[i]));
            }
            for (int i = block; i < end; i++) {
                if (!(Math.abs((double) wanted[i] - found[i]) <= plan.type().bound(wanted[i], largest))) {
                    throw new EngineException("Tensor " + plan.name() + " was written as " + plan.type().shown()
                            + " and reads " + found[i] + " where the model has " + wanted[i] + "; "
                            + (Float.isFinite(found[i])
                                    ? "the disk did not keep what was written, so try another one."
                                    : "choose bf16 or f32, which hold such numbers."));
                }
            }
        }
    }

    private static MemorySegment numbers(TensorPlan plan, Arena arena) {
        MemorySegment numbers = arena.allocate(4 * plan.count(), 64);
        plan.source().read(numbers);
        return numbers;
    }
}
