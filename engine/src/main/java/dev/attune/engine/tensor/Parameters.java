package dev.attune.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Named tensors that lie one after the other in a single vector of 32-bit floats, and, where they are trained, a
 * gradient vector of the same layout. Neighbours can be seen as one matrix, and an optimizer sees one vector. Not
 * thread-safe. Whoever makes it closes it; views die with it.
 */
public final class Parameters implements AutoCloseable {
    private final Map<String, Slot> slots;
    private final boolean trained;
    private final Tensor values;
    private final Tensor gradients;

    /**
     * One tensor's place.
     *
     * @param offset its first number's index in the vector
     */
    public record Slot(String name, long[] shape, long offset) {
        public long size() {
            long size = 1;
            for (long length : shape) {
                size *= length;
            }
            return size;
        }

        public long end() {
            return offset + size();
        }
    }

    /** Collects names and shapes in the order in which they are to lie. */
    public static final class Layout {
        private final Map<String, Slot> slots = new LinkedHashMap<>();
        private long size;

        public Layout add(String name, long... shape) {
            var slot = new Slot(name, shape, size);
            slots.put(name, slot);
            size = slot.end();
            return this;
        }

        /** How many numbers there are so far. */
        public long size() {
            return size;
        }

        /** The tensors collected so far. */
        public List<Slot> slots() {
            return new ArrayList<>(slots.values());
        }

        public Parameters allocate(boolean trained) {
            return new Parameters(slots, size, trained);
        }
    }

    private Parameters(Map<String, Slot> slots, long size, boolean trained) {
        this.slots = new LinkedHashMap<>(slots);
        this.trained = trained;
        try (var scope = new PointerScope()) {
            this.values = Tensors.zeros(size);
            this.gradients = Tensors.zeros(trained ? size : 0);
            values.retainReference();
            gradients.retainReference();
        }
    }

    private Parameters(Parameters shared) {
        this.slots = shared.slots;
        this.trained = true;
        try (var scope = new PointerScope()) {
            this.values = shared.values.narrow(0, 0, shared.values.numel());
            this.gradients = Tensors.zeros(shared.values.numel());
            values.retainReference();
            gradients.retainReference();
        }
    }

    /** The same values with gradients of their own, for a second thread. Whoever asks for it closes it. */
    public Parameters replica() {
        return new Parameters(this);
    }

    /** Adds another's gradients to these. */
    public void addGradients(Parameters other) {
        try (var scope = new PointerScope()) {
            gradients.add_(other.gradients);
        }
    }

    public List<Slot> slots() {
        return new ArrayList<>(slots.values());
    }

    public boolean has(String name) {
        return slots.containsKey(name);
    }

    public Slot slot(String name) {
        Slot slot = slots.get(name);
        if (slot == null) {
            throw new IllegalArgumentException("no parameter " + name);
        }
        return slot;
    }

    /** How many numbers there are in all. */
    public long size() {
        return values.numel();
    }

    public boolean trained() {
        return trained;
    }

    /** The whole vector, shape (size). */
    public Tensor values() {
        return values;
    }

    /** The whole gradient, shape (size), or (0) where nothing is trained. */
    public Tensor gradients() {
        return gradients;
    }

    /** One tensor in its shape, seen in place. */
    public Tensor value(String name) {
        return view(values, slot(name));
    }

    /** One tensor's gradient in its shape, seen in place. */
    public Tensor gradient(String name) {
        return view(gradients, slot(name));
    }

    private static Tensor view(Tensor vector, Slot slot) {
        return vector.narrow(0, slot.offset(), slot.size()).view(slot.shape());
    }

    /**
     * Neighbours, from the first name to the last, seen in a vector of this layout as one: matrices of equal width as a
     * matrix, vectors as a vector.
     */
    public Tensor stacked(Tensor vector, String first, String last) {
        Slot from = slot(first);
        long size = slot(last).end() - from.offset();
        Tensor all = vector.narrow(0, from.offset(), size);
        if (from.shape().length == 1) {
            return all;
        }
        long width = from.shape()[from.shape().length - 1];
        return all.view(size / width, width);
    }

    /** The memory of one tensor's values: 32-bit floats in native order, row-major; valid until this is closed. */
    public MemorySegment memory(Slot slot) {
        return Tensors.memory(values).asSlice(4 * slot.offset(), 4 * slot.size());
    }

    public void zeroGradients() {
        try (var scope = new PointerScope()) {
            gradients.zero_();
        }
    }

    /** The Euclidean norm of all values. */
    public double valueNorm() {
        try (var scope = new PointerScope()) {
            return values.norm().item_float();
        }
    }

    /** The Euclidean norm of the whole gradient. */
    public double gradientNorm() {
        try (var scope = new PointerScope()) {
            return gradients.norm().item_float();
        }
    }

    /**
     * Shrinks the gradient so that its norm is at most {@code maxNorm}, as PyTorch's {@code clip_grad_norm_} does.
     *
     * @return the norm before
     */
    public double clipGradients(double maxNorm) {
        double norm = gradientNorm();
        double factor = maxNorm / (norm + 1e-6);
        if (factor < 1) {
            try (var scope = new PointerScope()) {
                gradients.mul_(new Scalar((float) factor));
            }
        }
        return norm;
    }

    @Override
    public void close() {
        values.close();
        gradients.close();
    }
}
