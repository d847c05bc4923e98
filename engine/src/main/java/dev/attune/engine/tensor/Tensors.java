package dev.attune.engine.tensor;

import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Where Java's arrays and libtorch's tensors meet. */
public final class Tensors {
    private Tensors() {}

    /** A new tensor of 32-bit floats with undefined content. */
    public static Tensor empty(long... shape) {
        return torch.empty(shape);
    }

    public static Tensor zeros(long... shape) {
        return torch.zeros(shape);
    }

    /** A tensor of the flags' or ids' numbers, copied. */
    public static Tensor of(long[] values, long... shape) {
        return Tensor.create(values, shape);
    }

    public static Tensor of(double[] values, long... shape) {
        return Tensor.create(values, shape);
    }

    public static Tensor of(float[] values, long... shape) {
        return Tensor.create(values, shape);
    }

    /** The memory of a contiguous tensor of 32-bit floats, valid as long as the tensor is. */
    public static MemorySegment memory(Tensor tensor) {
        return MemorySegment.ofAddress(tensor.data_ptr().address()).reinterpret(4 * tensor.numel());
    }

    /** A copy of a tensor's numbers, row-major. */
    public static float[] floats(Tensor tensor) {
        try (var scope = new PointerScope()) {
            Tensor dense = tensor.contiguous();
            var values = new float[Math.toIntExact(dense.numel())];
            MemorySegment.copy(memory(dense), java.lang.foreign.ValueLayout.JAVA_FLOAT, 0, values, 0, values.length);
            return values;
        }
    }

    /** A copy of a tensor's numbers, row-major, whatever their type; flags are 0 and 1. */
    public static double[] doubles(Tensor tensor) {
        try (var scope = new PointerScope()) {
            Tensor dense = tensor.to(torch.ScalarType.Double).contiguous();
            var values = new double[Math.toIntExact(dense.numel())];
            MemorySegment memory = MemorySegment.ofAddress(dense.data_ptr().address()).reinterpret(8L * values.length);
            MemorySegment.copy(memory, java.lang.foreign.ValueLayout.JAVA_DOUBLE, 0, values, 0, values.length);
            return values;
        }
    }

    /** A tensor over memory that is not its own, row-major; valid as long as that is. */
    public static Tensor over(MemorySegment memory, long[] shape, torch.ScalarType type) {
        return torch.from_blob(new Address(memory.address()), shape, new TensorOptions(type));
    }

    private static final class Address extends Pointer {
        Address(long address) {
            this.address = address;
        }
    }

    public static boolean isBfloat16(Tensor tensor) {
        return tensor.scalar_type().intern() == torch.ScalarType.BFloat16;
    }

    public static Tensor bfloat16(Tensor tensor) {
        return tensor.to(torch.ScalarType.BFloat16);
    }

    public static Tensor float32(Tensor tensor) {
        return tensor.to(torch.ScalarType.Float);
    }

    /** A tensor of bfloat16 in 32-bit floats; any other as it is. */
    public static Tensor wide(Tensor tensor) {
        return isBfloat16(tensor) ? float32(tensor) : tensor;
    }

    /** The same numbers in the type of another tensor; where they are of it, the tensor itself. */
    public static Tensor like(Tensor other, Tensor tensor) {
        return tensor.to(other.scalar_type());
    }

    /** Adds s·x·y to a sum of 32-bit floats; x and y may be of bfloat16. */
    public static void addProduct(Tensor sum, Tensor x, Tensor y, double s) {
        var scale = new Scalar((float) s);
        if (isBfloat16(x)) {
            sum.add_(torch.mm(x, y), scale);
        } else {
            sum.addmm_(x, y, new Scalar(1f), scale);
        }
    }
}
