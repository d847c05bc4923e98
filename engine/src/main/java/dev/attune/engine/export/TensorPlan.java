package dev.attune.engine.export;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A tensor that is to be written: its name and shape in the file, how its numbers are stored, and where they come from.
 *
 * @param shape as in PyTorch, the last dimension contiguous
 * @param source writes all numbers as 32-bit floats in native order, row-major
 */
record TensorPlan(String name, long[] shape, NumberType type, Source source) {

    /** Gives the numbers of a tensor, the same each time it is asked. */
    @FunctionalInterface
    interface Source {
        void read(MemorySegment destination);
    }

    TensorPlan {
        shape = shape.clone();
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    long count() {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    long bytes() {
        return type.bytes(count());
    }
}
