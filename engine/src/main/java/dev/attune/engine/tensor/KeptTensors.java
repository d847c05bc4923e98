package dev.attune.engine.tensor;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * The tensors of a forward pass that its backward pass needs: they outlive the scope in which they were made, all others
 * die with it. Not thread-safe. Whoever makes it closes it.
 */
public final class KeptTensors implements AutoCloseable {
    private final List<Tensor> tensors = new ArrayList<>();

    /**
     * Keeps a tensor until this is closed, and gives it back.
     *
     * @throws IllegalArgumentException if it is what an operation in place gave back: that is another's handle
     */
    public Tensor keep(Tensor tensor) {
        if (tensor.referenceCount() < 1) {
            throw new IllegalArgumentException("the handle does not own its tensor");
        }
        tensor.retainReference();
        tensors.add(tensor);
        return tensor;
    }

    @Override
    public void close() {
        tensors.forEach(Tensor::releaseReference);
        tensors.clear();
    }
}
