package dev.attune.engine.model;

import dev.attune.engine.config.Precision;
import dev.attune.engine.tensor.Tensors;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * From the last block's output to the loss. Tokens without a target never reach the output product, and the logits of
 * the others exist only a chunk at a time: the gradient is formed while the chunk is there.
 */
public final class LossHead {
    /** Numbers in a chunk of logits in 32-bit floats; 16 MB. */
    private static final int CHUNK_NUMBERS = 1 << 22;
    /** Numbers in a chunk that is multiplied in bfloat16, where more rows at a time are faster; 25 MB. */
    private static final int HALF_CHUNK_NUMBERS = 3 * CHUNK_NUMBERS;

    private final Projection output;
    private final double softcap;

    /** @param softcap bound c of the logits, c · tanh(logit / c); 0 for none */
    LossHead(Projection output, double softcap) {
        this.output = output;
        this.softcap = softcap;
    }

    /** The same with another matrix, shape (V, D), multiplied in 32-bit floats. */
    LossHead with(Weight other) {
        return new LossHead(new Projection(List.of(other.value()),
                other.trained() ? Optional.of(other) : Optional.empty(), Optional.empty()), softcap);
    }

    /** Memory of a chunk: logits, their copy while they are bounded, and the gradient's operand. */
    public static long chunkBytes(Precision precision) {
        long floats = 3 * 4L * CHUNK_NUMBERS;
        return precision == Precision.BFLOAT16 ? floats + 2L * HALF_CHUNK_NUMBERS : floats;
    }

    /** The losses, and the gradient of the hidden states, shape (N, D). */
    record Result(TokenLosses losses, Tensor gradient) {}

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
     * The losses alone.
     *
     * @param hidden shape (N, D), before the final norm
     */
    TokenLosses losses(Tensor hidden, Norm norm, PackedBatch batch) {
        try (var scope = new PointerScope()) {
            return new Pass(hidden, norm, batch).losses();
        }
    }

    /**
     * The losses, and the gradient of their weighted sum.
     *
     * @param hidden shape (N, D), before the final norm
     */
    Result run(Tensor hidden, Norm norm, PackedBatch batch, TargetWeights weights) {
        double[] counted = weights.of(batch, () -> losses(hidden, norm, batch));
        return new Pass(hidden, norm, batch).backward(counted);
    }

    /** One batch's way through the head. Only the rows with a target take it. */
    private final class Pass {
        private final Norm norm;
        private final PackedBatch batch;
        private final Tensor hidden;
        private final int[] rows;
        private final TokenLosses found;

        Pass(Tensor hidden, Norm norm, PackedBatch batch) {
            this.hidden = hidden;
            this.norm = norm;
            this.batch = batch;
            int[] targets = batch.targets();
            this.rows = IntStream.range(0, targets.length).filter(i -> targets[i] >= 0).toArray();
            this.found = new TokenLosses(batch, new double[targets.length], new boolean[targets.length]);
        }

        private Tensor index() {
            return Tensors.of(Arrays.stream(rows).asLongStream().toArray(), rows.length);
        }

        /** Some hidden states, in floats where the output matrix is of such. */
        private Tensor rows(Tensor index) {
            Tensor found = hidden.index_select(0, index);
            return output.half() ? found : Tensors.wide(found);
        }

        TokenLosses losses() {
            if (rows.length > 0) {
                Tensor normed = norm.forward(rows(index())).output();
                chunks((from, count) -> chunk(normed, from, count, Optional.empty(), Optional.empty()));
            }
            return found;
        }

        Result backward(double[] weights) {
            Tensor gradient = torch.zeros_like(hidden);
            if (rows.length > 0) {
                Tensor index = index();
                Tensor x = rows(index);
                Norm.Result normed = norm.forward(x);
                Tensor dNormed = torch.empty_like(x);
                chunks((from, count) -> chunk(normed.output(), from, count, Optional.of(weights),
                        Optional.of(dNormed)));
                gradient.index_copy_(0, index, Tensors.like(hidden, norm.backward(dNormed, x, normed)));
            }
            return new Result(found, gradient);
        }

        private void chunks(Chunks work) {
            int numbers = output.half() && Tensors.isBfloat16(hidden) ? HALF_CHUNK_NUMBERS : CHUNK_NUMBERS;
            int most = Math.max(1, numbers / (int) output.outputs());
            int count = (rows.length + most - 1) / most;
            most = (rows.length + count - 1) / count;
            for (int from = 0; from < rows.length; from += most) {
                try (var scope = new PointerScope()) {
                    work.chunk(from, Math.min(rows.length - from, most));
                }
            }
        }

        private void chunk(Tensor normed, int from, int count, Optional<double[]> weights, Optional<Tensor> dNormed) {
            Tensor x = normed.narrow(0, from, count);
            Projection.Result product = output.forward(x, Optional.empty());
            int most = Math.max(1, CHUNK_NUMBERS / (int) output.outputs());
            for (int at = 0; at < count; at += most) {
                try (var scope = new PointerScope()) {
                    piece(product.output().narrow(0, at, Math.min(most, count - at)), from + at, weights);
                }
            }
            dNormed.ifPresent(all -> all.narrow(0, from, count).copy_(
                    output.backward(product.output(), x, product, Optional.empty(), true, false).orElseThrow()));
        }

        /** Notes the losses of some rows; with weights, overwrites their logits with the gradient of these. */
        private void piece(Tensor product, int from, Optional<double[]> weights) {
            int count = (int) product.size(0);
            Tensor logits = Tensors.wide(product);
            Optional<Tensor> bounded = bound(logits);
            Tensor target = Tensors.of(
                    IntStream.range(from, from + count).mapToLong(i -> batch.targets()[rows[i]]).toArray(), count, 1);
            Tensor right = logits.gather(1, target);
            Tensor largest = logits.amax(new long[]{-1}, true);
            logits.sub_(largest).exp_();
            Tensor sum = logits.sum(new long[]{-1}, true, new ScalarTypeOptional());
            note(from, Tensors.doubles(sum.log().add_(largest).sub_(right)), Tensors.doubles(right.ge(largest)));
            if (weights.isPresent()) {
                var own = IntStream.range(from, from + count).mapToDouble(i -> weights.get()[rows[i]]).toArray();
                Tensor weight = Tensors.of(own, count, 1).to(logits.scalar_type());
                logits.mul_(sum.reciprocal_().mul_(weight));
                logits.scatter_add_(1, target, weight.neg());
                bounded.ifPresent(tanh -> logits.sub_(logits.mul(tanh).mul_(tanh)));
                if (Tensors.isBfloat16(product)) {
                    product.copy_(logits);
                }
            }
        }

        private void note(int from, double[] losses, double[] right) {
            for (int i = 0; i < losses.length; i++) {
                found.losses()[rows[from + i]] = losses[i];
                found.correct()[rows[from + i]] = right[i] > 0;
            }
        }
    }

    private interface Chunks {
        void chunk(int from, int count);
    }
}
