package dev.attune.engine;

import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * From the last block's output to the loss. Tokens without a target never reach the output product, and the logits of
 * the others exist only a chunk at a time: the gradient is formed while the chunk is there.
 */
final class LossHead {
    /** Numbers in a chunk of logits; 16 MB. */
    private static final int CHUNK_NUMBERS = 1 << 22;

    private final Projection output;
    private final double softcap;

    /** @param softcap bound c of the logits, c · tanh(logit / c); 0 for none */
    LossHead(Projection output, double softcap) {
        this.output = output;
        this.softcap = softcap;
    }

    /** The same with another matrix, shape (V, D), multiplied in 32-bit floats. */
    LossHead with(Weight other) {
        return new LossHead(new Projection(other, Optional.empty(), Optional.empty()), softcap);
    }

    /** Memory of a chunk: logits, their copy while they are bounded, and the gradient's operand. */
    static long chunkBytes() {
        return 3 * 4L * CHUNK_NUMBERS;
    }

    /** The loss, and the gradient of the hidden states, shape (N, D), where it was asked for. */
    record Result(LossSum loss, Optional<Tensor> gradient) {}

    Tensor logits(Tensor normed) {
        Tensor logits = output.forward(normed, Optional.empty()).output();
        bound(logits);
        return logits;
    }

    /** Bounds logits in place, where there is a bound c; gives tanh(logit / c). */
    private Optional<Tensor> bound(Tensor logits) {
        if (softcap <= 0) {
            return Optional.empty();
        }
        Tensor bounded = logits.mul_(new Scalar((float) (1 / softcap))).tanh_().clone();
        logits.mul_(new Scalar((float) softcap));
        return Optional.of(bounded);
    }

    /**
     * @param hidden shape (N, D), before the final norm
     * @param targets length N, −1 for none
     * @param weight what one token's loss counts in the gradient
     */
    Result run(Tensor hidden, Norm norm, int[] targets, double weight, boolean backward) {
        long[] rows = java.util.stream.IntStream.range(0, targets.length).filter(i -> targets[i] >= 0).asLongStream()
                .toArray();
        Optional<Tensor> gradient = backward
                ? Optional.of(Tensors.zeros(hidden.size(0), hidden.size(1)))
                : Optional.empty();
        if (rows.length == 0) {
            return new Result(LossSum.ZERO, gradient);
        }
        Tensor index = Tensors.of(rows, rows.length);
        Tensor x = hidden.index_select(0, index);
        Norm.Result normed = norm.forward(x);
        Optional<Tensor> dNormed = backward ? Optional.of(Tensors.empty(x.size(0), x.size(1))) : Optional.empty();
        LossSum sum = LossSum.ZERO;
        int chunk = 0;
        for (int from = 0; from < rows.length; from += chunk) {
            chunk = Math.max(1, Math.min(rows.length - from, CHUNK_NUMBERS / (int) output.outputs()));
            long[] wanted = Arrays.stream(rows, from, from + chunk).map(row -> targets[(int) row]).toArray();
            sum = sum.plus(chunk(normed.output(), dNormed, from, wanted, weight));
        }
        dNormed.ifPresent(
                d -> gradient.orElseThrow().index_copy_(0, index, norm.backward(d, x, normed)));
        return new Result(sum, gradient);
    }

    private LossSum chunk(Tensor normed, Optional<Tensor> dNormed, int from, long[] wanted, double weight) {
        try (var scope = new PointerScope()) {
            Tensor x = normed.narrow(0, from, wanted.length);
            Projection.Result product = output.forward(x, Optional.empty());
            Tensor logits = product.output();
            Optional<Tensor> bounded = bound(logits);
            Tensor target = Tensors.of(wanted, wanted.length, 1);
            Tensor right = logits.gather(1, target);
            Tensor largest = logits.amax(new long[]{-1}, true);
            logits.sub_(largest).exp_();
            Tensor sum = logits.sum(new long[]{-1}, true, new ScalarTypeOptional());
            double loss = sum.log().add_(largest).sub_(right).to(torch.ScalarType.Double).sum().item_double();
            long correct = right.ge(largest).sum().item_long();
            if (dNormed.isPresent()) {
                logits.mul_(sum.reciprocal_().mul_(new Scalar(weight)));
                logits.scatter_add_(1, target, torch.full_like(right, new Scalar(-weight)));
                bounded.ifPresent(tanh -> logits.sub_(logits.mul(tanh).mul_(tanh)));
                Tensor dx = output.backward(logits, x, product, Optional.empty(), true, false).orElseThrow();
                dNormed.get().narrow(0, from, wanted.length).copy_(dx);
            }
            return new LossSum(loss, wanted.length, correct);
        }
    }
}
