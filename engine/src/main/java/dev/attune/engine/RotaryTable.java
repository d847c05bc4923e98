package dev.attune.engine;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Cosines and sines of every position's angles, and the turning of heads by them (rotary position embedding,
 * half-split layout). Whoever makes it closes it.
 */
final class RotaryTable implements AutoCloseable {
    private final Tensor cosines;
    private final Tensor sines;

    RotaryTable(Rope rope, int headSize, int positions) {
        double[] frequencies = rope.inverseFrequencies(headSize);
        var cos = new float[positions * frequencies.length];
        var sin = new float[cos.length];
        for (int position = 0; position < positions; position++) {
            for (int i = 0; i < frequencies.length; i++) {
                // the reference rounds frequency and angle to 32 bits
                float angle = position * (float) frequencies[i];
                cos[position * frequencies.length + i] = (float) Math.cos(angle);
                sin[position * frequencies.length + i] = (float) Math.sin(angle);
            }
        }
        try (var scope = new PointerScope()) {
            cosines = Tensors.of(cos, positions, frequencies.length);
            sines = Tensors.of(sin, positions, frequencies.length);
            cosines.retainReference();
            sines.retainReference();
        }
    }

    /** Shape (N, headSize / 2) for N positions. */
    Tensor cos(Tensor positions) {
        return cosines.index_select(0, positions);
    }

    /** Shape (N, headSize / 2) for N positions. */
    Tensor sin(Tensor positions) {
        return sines.index_select(0, positions);
    }

    /**
     * Turns the heads of {@code from} into {@code to}; both have any strides and shape (B, T, heads, headSize).
     *
     * @param direction 1 forward; −1 turns back, which is also the gradient
     */
    static void rotate(Tensor from, Tensor to, Tensor cos, Tensor sin, int direction) {
        long half = from.size(3) / 2;
        Tensor first = from.narrow(3, 0, half);
        Tensor second = from.narrow(3, half, half);
        Tensor toFirst = to.narrow(3, 0, half);
        Tensor toSecond = to.narrow(3, half, half);
        torch.mul_out(toFirst, first, cos);
        toFirst.addcmul_(second, sin, new Scalar((float) -direction));
        torch.mul_out(toSecond, second, cos);
        toSecond.addcmul_(first, sin, new Scalar((float) direction));
    }

    @Override
    public void close() {
        cosines.close();
        sines.close();
    }
}
