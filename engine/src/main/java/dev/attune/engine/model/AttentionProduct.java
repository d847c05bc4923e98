package dev.attune.engine.model;

import dev.attune.engine.tensor.KeptTensors;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * softmax(Q·Kᵀ)·V, forward and backward, block by block. In some families the scores are bounded by c · tanh(score / c).
 *
 * <p>Shapes: B rows, T tokens a row, K key-value heads, G query heads each, S head size. Q has shape (B·K, T·G, S), the G
 * heads of a token next to each other, so that a block of tokens is a block of rows, grouped attention is one product
 * for each of the B·K pairs, and nothing is copied G times. K and V have shape (B·K, T, S). The softmax's gradient is
 * dS = P ∘ (dP − rowsum(dO ∘ O)); long rows compute their probabilities once more instead of keeping them, as in
 * FlashAttention (Dao et al. 2022).
 */
public final class AttentionProduct {
    /** Longest row whose probabilities are kept. */
    public static final int KEPT_ROW = 512;

    private final long group;
    private final double softcap;

    /**
     * @param group G
     * @param softcap c; 0 for none
     */
    AttentionProduct(long group, double softcap) {
        this.group = group;
        this.softcap = softcap;
    }

    /** Of one block: tanh(score / c) where there is a bound, and probabilities, both of shape (B·K, n·G, keys). */
    record Scores(Optional<Tensor> bounded, Tensor probabilities) {}

    /**
     * @param output of Q's shape
     * @param kept of each block; empty where they are to be computed once more
     */
    record Result(Tensor output, List<Scores> kept) {}

    /** @param kept keeps what the backward pass needs; without it nothing is kept */
    Result forward(Tensor q, Tensor k, Tensor v, Geometry geometry, List<AttentionBlock> blocks,
            Optional<KeptTensors> kept) {
        Tensor output = torch.empty_like(q);
        var scores = new ArrayList<Scores>();
        for (AttentionBlock block : blocks) {
            try (var scope = new PointerScope()) {
                Scores made = scores(q, k, geometry, block);
                torch.bmm_out(queries(output, block), made.probabilities, keys(v, block));
                if (kept.isPresent() && geometry.length() <= KEPT_ROW) {
                    made.bounded.ifPresent(kept.get()::keep);
                    kept.get().keep(made.probabilities);
                    scores.add(made);
                }
            }
        }
        return new Result(output, scores);
    }

    private Scores scores(Tensor q, Tensor k, Geometry geometry, AttentionBlock block) {
        Tensor scores = torch.bmm(queries(q, block), keys(k, block).transpose(1, 2));
        Optional<Tensor> bounded = bound(scores);
        block.mask().ifPresent(mask -> scores
                .view(geometry.rows(), -1, block.count(), group, block.keys())
                .narrow(4, block.maskFrom() - block.firstKey(), block.from() + block.count() - block.maskFrom())
                .add_(mask));
        torch.softmax_out(scores, scores, -1);
        return new Scores(bounded, scores);
    }

    /** Bounds scores in place, where there is a bound; gives tanh(score / c). */
    Optional<Tensor> bound(Tensor scores) {
        if (softcap <= 0) {
            return Optional.empty();
        }
        Tensor bounded = scores.mul_(new Scalar((float) (1 / softcap))).tanh_().clone();
        scores.mul_(new Scalar((float) softcap));
        return Optional.of(bounded);
    }

    /** The gradients of Q, K and V, each of its shape. */
    record Gradients(Tensor q, Tensor k, Tensor v) {}

    /**
     * @param dOutput gradient of the output
     * @param dot rowsum(dO ∘ O), shape (B·K, T·G, 1)
     */
    Gradients backward(Tensor dOutput, Tensor dot, Tensor q, Tensor k, Tensor v, Geometry geometry,
            List<AttentionBlock> blocks, List<Scores> kept) {
        var gradients = new Gradients(torch.empty_like(q), torch.zeros_like(k), torch.zeros_like(v));
        for (int i = 0; i < blocks.size(); i++) {
            try (var scope = new PointerScope()) {
                AttentionBlock block = blocks.get(i);
                Scores scores = kept.isEmpty() ? scores(q, k, geometry, block) : kept.get(i);
                Tensor dOut = queries(dOutput, block);
                keys(gradients.v, block).baddbmm_(scores.probabilities.transpose(1, 2), dOut);
                Tensor dScores = torch.bmm(dOut, keys(v, block).transpose(1, 2));
                dScores.sub_(queries(dot, block)).mul_(scores.probabilities);
                scores.bounded.ifPresent(bounded -> dScores.sub_(dScores.mul(bounded).mul_(bounded)));
                torch.bmm_out(queries(gradients.q, block), dScores, keys(k, block));
                keys(gradients.k, block).baddbmm_(dScores.transpose(1, 2), queries(q, block));
            }
        }
        return gradients;
    }

    private Tensor queries(Tensor all, AttentionBlock block) {
        return all.narrow(1, block.from() * group, block.count() * group);
    }

    private static Tensor keys(Tensor all, AttentionBlock block) {
        return all.narrow(1, block.firstKey(), block.keys());
    }
}
