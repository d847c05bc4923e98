package dev.attune.engine.export;

import dev.attune.engine.config.Family;
import dev.attune.engine.config.ModelConfig;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.LongUnaryOperator;

/** How a tensor's numbers lie in GGUF, compared with the checkpoint; each arrangement can be undone. */
sealed interface Arrangement {

    /** As they are. */
    record Same() implements Arrangement {}

    /** Norms that multiply by 1 + weight are stored with the 1 added. */
    record PlusOne() implements Arrangement {}

    /** Matrices stored as inputs × outputs are turned round. */
    record Transposed() implements Arrangement {}

    /**
     * The two halves of each head are interleaved: llama.cpp turns neighbours of a head in the architectures of Llama and SmolLM3, where
     * checkpoints have the pair half a head apart.
     */
    record Interleaved(int headSize) implements Arrangement {}

    /** The arrangement of a tensor with its name in the checkpoint. */
    static Arrangement of(String name, ModelConfig config) {
        Family family = config.family();
        if (family.has(Family.Trait.UNIT_OFFSET_NORM) && name.endsWith("norm.weight")) {
            return new PlusOne();
        }
        if (family.has(Family.Trait.CONV1D) && name.matches(".*\\.c_(attn|proj|fc)\\.weight")) {
            return new Transposed();
        }
        boolean neighbours = family == Family.LLAMA || family == Family.MISTRAL || family == Family.SMOLLM3;
        if (neighbours && name.matches(".*\\.[qk]_proj\\..*")) {
            return new Interleaved(config.headSize());
        }
        return new Same();
    }

    /** The shape in GGUF. */
    default long[] shape(long[] shape) {
        return this instanceof Transposed ? new long[]{shape[1], shape[0]} : shape.clone();
    }

    /** Rearranges a tensor in place, as the checkpoint has it, for GGUF. */
    default void apply(MemorySegment numbers, long[] shape) {
        switch (this) {
            case Same() -> {
            }
            case PlusOne() -> add(numbers, shape[0], 1);
            case Transposed() -> transpose(numbers, shape[0], shape[1]);
            case Interleaved(int size) -> permuteRows(numbers, shape, row -> interleaved(row, size));
        }
    }

    /** The other way: from GGUF to the checkpoint, whose shape is given. */
    default void undo(MemorySegment numbers, long[] shape) {
        switch (this) {
            case Same() -> {
            }
            case PlusOne() -> add(numbers, shape[0], -1);
            case Transposed() -> transpose(numbers, shape[1], shape[0]);
            case Interleaved(int size) -> permuteRows(numbers, shape, row -> halved(row, size));
        }
    }

    /** The row of the checkpoint that comes to lie at a row of GGUF. */
    private static long interleaved(long row, int size) {
        long within = row % size;
        return row - within + within % 2 * (size / 2) + within / 2;
    }

    private static long halved(long row, int size) {
        long within = row % size;
        return row - within + within % (size / 2) * 2 + within / (size / 2);
    }

    private static void add(MemorySegment numbers, long count, float what) {
        for (long i = 0; i < count; i++) {
            numbers.setAtIndex(ValueLayout.JAVA_FLOAT, i, numbers.getAtIndex(ValueLayout.JAVA_FLOAT, i) + what);
        }
    }

    private static void transpose(MemorySegment numbers, long rows, long columns) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(4 * rows * columns, 64)
                    .copyFrom(numbers.asSlice(0, 4 * rows * columns));
            for (long row = 0; row < rows; row++) {
                for (long column = 0; column < columns; column++) {
                    numbers.setAtIndex(ValueLayout.JAVA_FLOAT, column * rows + row,
                            copy.getAtIndex(ValueLayout.JAVA_FLOAT, row * columns + column));
                }
            }
        }
    }

    private static void permuteRows(MemorySegment numbers, long[] shape, LongUnaryOperator source) {
        long bytes = shape.length == 1 ? 4 : 4 * shape[1];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(bytes * shape[0], 64).copyFrom(numbers.asSlice(0, bytes * shape[0]));
            for (long row = 0; row < shape[0]; row++) {
                MemorySegment.copy(copy, bytes * source.applyAsLong(row), numbers, bytes * row, bytes);
            }
        }
    }
}
