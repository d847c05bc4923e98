package dev.attune.engine.tensor;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019) over one stretch of a parameter vector, in PyTorch's
 * order of operations. Not thread-safe. Whoever makes it closes it.
 */
public final class AdamW implements AutoCloseable {
    private final Tensor values;
    private final Tensor gradients;
    private final Tensor first;
    private final Tensor second;
    private final Settings settings;
    private long step;

    /** β₁, β₂ and ε of the paper, and the decay λ. */
    public record Settings(double beta1, double beta2, double epsilon, double weightDecay) {
        /** PyTorch's defaults. */
        public static final Settings DEFAULT = new Settings(0.9, 0.999, 1e-8, 0.01);
    }

    /** Over all of the parameters. */
    public AdamW(Parameters parameters, Settings settings) {
        this(parameters, 0, parameters.size(), settings);
    }

    /** Over the numbers from {@code from} to {@code to}, the last excluded. */
    public AdamW(Parameters parameters, long from, long to, Settings settings) {
        this.settings = settings;
        try (var scope = new PointerScope()) {
            this.values = parameters.values().narrow(0, from, to - from);
            this.gradients = parameters.gradients().narrow(0, from, to - from);
            this.first = Tensors.zeros(to - from);
            this.second = Tensors.zeros(to - from);
            values.retainReference();
            gradients.retainReference();
            first.retainReference();
            second.retainReference();
        }
    }

    /** Takes one step down the present gradient. */
    public void step(double learningRate) {
        step++;
        double correction1 = 1 - Math.pow(settings.beta1, step);
        double correction2 = Math.sqrt(1 - Math.pow(settings.beta2, step));
        try (var scope = new PointerScope()) {
            values.mul_(new Scalar(1 - learningRate * settings.weightDecay));
            first.lerp_(gradients, new Scalar(1 - settings.beta1));
            second.mul_(new Scalar(settings.beta2)).addcmul_(gradients, gradients, new Scalar(1 - settings.beta2));
            Tensor denominator = second.sqrt().div_(new Scalar(correction2)).add_(new Scalar(settings.epsilon));
            values.addcdiv_(first, denominator, new Scalar(-learningRate / correction1));
        }
    }

    /** How many steps were taken. */
    public long steps() {
        return step;
    }

    /** Adds the moments to a checkpoint. */
    public void save(String name, SafetensorsWriter writer) {
        writer.add(name + ".first", SafetensorsWriter.DataType.F32, new long[]{first.numel()}, Tensors.memory(first));
        writer.add(name + ".second", SafetensorsWriter.DataType.F32, new long[]{second.numel()},
                Tensors.memory(second));
    }

    /** Takes the moments from a checkpoint. */
    public void load(String name, Safetensors file, long steps) {
        file.readFloats(name + ".first", Tensors.memory(first));
        file.readFloats(name + ".second", Tensors.memory(second));
        step = steps;
    }

    @Override
    public void close() {
        values.close();
        gradients.close();
        first.close();
        second.close();
    }
}
