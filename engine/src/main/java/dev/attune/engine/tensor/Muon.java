package dev.attune.engine.tensor;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Momentum made orthogonal (Jordan et al. 2024), for matrices: each step moves along U·Vᵀ of the momentum's singular
 * value decomposition, found by five Newton–Schulz iterations. The step is scaled by 0.2·√max(rows, columns), so that
 * its size is that of an AdamW step and both can share a learning rate (Liu et al. 2025). Not thread-safe. Whoever
 * makes it closes it.
 */
public final class Muon implements AutoCloseable {
    private static final double MOMENTUM = 0.95;
    private static final float A = 3.4445f;
    private static final float B = -4.7750f;
    private static final float C = 2.0315f;

    private final Parameters parameters;
    private final List<Parameters.Slot> matrices;
    private final Tensor momentum;
    private final double weightDecay;

    /**
     * @param matrices tensors of two dimensions that lie one after the other
     */
    public Muon(Parameters parameters, List<Parameters.Slot> matrices, double weightDecay) {
        this.parameters = parameters;
        this.matrices = List.copyOf(matrices);
        this.weightDecay = weightDecay;
        try (var scope = new PointerScope()) {
            this.momentum = Tensors.zeros(matrices.getLast().end() - matrices.getFirst().offset());
            momentum.retainReference();
        }
    }

    /** Takes one step down the present gradient. */
    public void step(double learningRate) {
        long start = matrices.getFirst().offset();
        try (var scope = new PointerScope()) {
            Tensor gradients = parameters.gradients().narrow(0, start, momentum.numel());
            momentum.lerp_(gradients, new Scalar(1 - MOMENTUM));
            Tensor ahead = gradients.lerp(momentum, new Scalar(MOMENTUM));
            for (Parameters.Slot slot : matrices) {
                step(slot, ahead.narrow(0, slot.offset() - start, slot.size()).view(slot.shape()), learningRate);
            }
        }
    }

    private void step(Parameters.Slot slot, Tensor direction, double learningRate) {
        try (var scope = new PointerScope()) {
            double size = 0.2 * Math.sqrt(Math.max(slot.shape()[0], slot.shape()[1]));
            Tensor value = parameters.value(slot.name());
            value.mul_(new Scalar(1 - learningRate * weightDecay));
            value.add_(orthogonal(direction), new Scalar(-learningRate * size));
        }
    }

    /**
     * Nearly U·Vᵀ of a matrix: singular values between about 0.7 and 1.2. The iterations correct each other, so bfloat16
     * products are enough; the result is of that type.
     */
    static Tensor orthogonal(Tensor matrix) {
        boolean tall = matrix.size(0) > matrix.size(1);
        Tensor x = tall ? matrix.t() : matrix;
        x = Tensors.bfloat16(x.div(x.norm().add_(new Scalar(1e-7f))).contiguous());
        for (int i = 0; i < 5; i++) {
            Tensor square = torch.mm(x, x.t());
            Tensor polynomial = torch.addmm(square, square, square, new Scalar(B), new Scalar(C));
            x = torch.addmm(x, polynomial, x, new Scalar(A), new Scalar(1f));
        }
        return tall ? x.t() : x;
    }

    /** Adds the momentum to a checkpoint. */
    public void save(String name, SafetensorsWriter writer) {
        writer.add(name + ".momentum", SafetensorsWriter.DataType.F32, new long[]{momentum.numel()},
                Tensors.memory(momentum));
    }

    /** Takes the momentum from a checkpoint. */
    public void load(String name, Safetensors file) {
        file.readFloats(name + ".momentum", Tensors.memory(momentum));
    }

    @Override
    public void close() {
        momentum.close();
    }
}
