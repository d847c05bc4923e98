package dev.attune.engine;

import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The attention part of a block, forward and backward by hand: x + W·attention(norm(x)). In some families the queries
 * and keys are normed, the scores bounded by a tanh, or the output normed before it is added.
 *
 * <p>Shapes: B rows, T tokens a row, N = B·T, D hidden, H query heads, K key-value heads, G = H / K, S head size. The
 * heads of one group lie next to each other, so grouped attention is K products of G·T queries with T keys, and nothing
 * is copied G times. The gradients are those of the chain rule; the softmax's uses dS = P ∘ (dP − rowsum(dO ∘ O)).
 */
final class Attention {
    private final ModelConfig.Layer plan;
    private final long h;
    private final long k;
    private final long s;
    private final double softcap;
    private final Norms norms;
    private final Projection qkv;
    private final Projection out;

    /** The norms of its input, of each head's query and key, and of its output. */
    record Norms(Norm input, Optional<Norm> query, Optional<Norm> key, Optional<Norm> after) {}

    Attention(ModelConfig config, ModelConfig.Layer plan, Norms norms, Projection qkv, Projection out) {
        this.plan = plan;
        this.h = config.heads();
        this.k = config.keyValueHeads();
        this.s = config.headSize();
        this.softcap = config.softcaps().attention();
        this.norms = norms;
        this.qkv = qkv;
        this.out = out;
    }

    /**
     * What the backward pass needs.
     *
     * @param heads queries, keys and values, turned, shape (B, H + K, T, S), and values of shape (B·K, T, S)
     * @param scores bounded scores where there is a bound, and probabilities, both of shape (B·K, G·T, T)
     * @param mixed shape (N, H·S)
     * @param sum the output, shape (N, D)
     */
    record Saved(Tensor x, Norm.Result norm, Projection.Result qkv, Heads heads, Scores scores, Tensor mixed,
            Projection.Result out, Optional<Norm.Result> after, Tensor sum) {}

    private record Heads(Tensor projected, Optional<Norm.Result> queryNorm, Optional<Norm.Result> keyNorm,
            Tensor turned, Tensor values) {}

    private record Scores(Optional<Tensor> bounded, Tensor probabilities) {}

    Saved forward(Tensor x, Geometry geometry, DecoderLayer.Adapter adapter) {
        long b = geometry.rows();
        long t = geometry.length();
        Norm.Result normed = norms.input.forward(x);
        Projection.Result projected = qkv.forward(normed.output(), adapter.queryKeyValue());
        Heads heads = heads(projected.output(), b, t, geometry.turn(plan));
        Tensor q = heads.turned.narrow(1, 0, h).reshape(b * k, h / k * t, s);
        Tensor keys = heads.turned.narrow(1, h, k).reshape(b * k, t, s);
        Tensor raw = torch.bmm(q, keys.transpose(1, 2));
        Optional<Tensor> bounded = scaled(raw);
        raw.view(b, h, t, t).add_(geometry.mask(plan));
        Tensor probabilities = torch.softmax_out(raw, raw, -1);
        Tensor mixed = torch.bmm(probabilities, heads.values).view(b, h, t, s).transpose(1, 2).reshape(b * t, h * s);
        Projection.Result made = out.forward(mixed, adapter.attentionOutput());
        Optional<Norm.Result> last = norms.after.map(present -> present.forward(made.output()));
        Tensor sum = x.add(last.map(Norm.Result::output).orElse(made.output()));
        return new Saved(x, normed, projected, heads, new Scores(bounded, probabilities), mixed, made, last, sum);
    }

    /** Queries, keys and values of tokens that lie in rows of t. */
    private Heads heads(Tensor projected, long b, long t, Optional<Turn> turn) {
        Tensor all = projected.view(b, t, h + 2 * k, s);
        Tensor turned = Tensors.empty(b, h + k, t, s);
        Tensor target = turned.transpose(1, 2);
        Optional<Norm.Result> query = norms.query.map(norm -> norm.forward(all.narrow(2, 0, h)));
        Optional<Norm.Result> key = norms.key.map(norm -> norm.forward(all.narrow(2, h, k)));
        if (query.isPresent() && key.isPresent()) {
            turn(query.get().output(), target.narrow(2, 0, h), turn, 1);
            turn(key.get().output(), target.narrow(2, h, k), turn, 1);
        } else {
            turn(all.narrow(2, 0, h + k), target, turn, 1);
        }
        Tensor values = all.narrow(2, h + k, k).transpose(1, 2).reshape(b * k, t, s);
        return new Heads(all, query, key, turned, values);
    }

    private static void turn(Tensor from, Tensor to, Optional<Turn> turn, int direction) {
        turn.ifPresentOrElse(present -> present.apply(from, to, direction), () -> to.copy_(from));
    }

    /** Scales scores in place, and bounds them; gives tanh(score / c) where there is a bound c. */
    private Optional<Tensor> scaled(Tensor scores) {
        if (softcap <= 0) {
            scores.mul_(new Scalar((float) plan.scale()));
            return Optional.empty();
        }
        Tensor bounded = scores.mul_(new Scalar((float) (plan.scale() / softcap))).tanh_().clone();
        scores.mul_(new Scalar((float) softcap));
        return Optional.of(bounded);
    }

    /**
     * Attends with new tokens of cached sequences, whose keys and values are added to the cache.
     *
     * @param x shape (M · n, D)
     * @return shape (M · n, D)
     */
    Tensor decode(Tensor x, DecodeSession.Window window, Tensor keys, Tensor values, DecoderLayer.Adapter adapter) {
        long m = window.sequences();
        long n = window.tokens();
        Tensor projected = qkv.forward(norms.input.forward(x).output(), adapter.queryKeyValue()).output();
        Heads heads = heads(projected, m, n, window.turn(plan));
        keys.view(-1, s).index_copy_(0, window.rows(), heads.turned.narrow(1, h, k).reshape(m * k * n, s));
        values.view(-1, s).index_copy_(0, window.rows(), heads.values.reshape(m * k * n, s));
        Tensor q = heads.turned.narrow(1, 0, h).reshape(m * k, h / k * n, s);
        Tensor scores = torch.bmm(q, DecodeSession.visible(keys, window).transpose(1, 2));
        scaled(scores);
        window.mask(plan).ifPresent(mask -> scores.view(m, h, n, window.extent()).add_(mask));
        Tensor mixed = torch.bmm(torch.softmax_out(scores, scores, -1), DecodeSession.visible(values, window));
        Tensor flat = mixed.view(m, h, n, s).transpose(1, 2).reshape(m * n, h * s);
        Tensor made = out.forward(flat, adapter.attentionOutput()).output();
        return x.add(norms.after.map(present -> present.forward(made).output()).orElse(made));
    }

    /**
     * Adds the gradient of x to {@code dy}, which is the gradient of the sum.
     *
     * @param needsInput whether anything below is trained; the gradient of x is left out otherwise
     */
    void backward(Tensor dy, Saved saved, Geometry geometry, DecoderLayer.Adapter adapter, boolean needsInput) {
        long b = geometry.rows();
        long t = geometry.length();
        Tensor dMade = norms.after.map(present -> present.backward(dy, saved.out.output(), saved.after.orElseThrow()))
                .orElse(dy);
        Tensor dFlat = out.backward(dMade, saved.mixed, saved.out, adapter.attentionOutput(), true, false)
                .orElseThrow();
        Tensor dMixed = dFlat.view(b, t, h, s).transpose(1, 2).reshape(b * k, h / k * t, s);
        Tensor dot = dFlat.mul(saved.mixed).view(b, t, h, s).sum(-1).transpose(1, 2).reshape(b * k, h / k * t, 1);
        Tensor dScores = torch.bmm(dMixed, saved.heads.values.transpose(1, 2));
        dScores.sub_(dot).mul_(saved.scores.probabilities).mul_(new Scalar((float) plan.scale()));
        saved.scores.bounded.ifPresent(bounded -> dScores.sub_(dScores.mul(bounded).mul_(bounded)));
        Tensor q = saved.heads.turned.narrow(1, 0, h).reshape(b * k, h / k * t, s);
        Tensor keys = saved.heads.turned.narrow(1, h, k).reshape(b * k, t, s);
        Tensor dHeads = Tensors.empty(b, t, h + 2 * k, s);
        Tensor dq = torch.bmm(dScores, keys).view(b, h, t, s).transpose(1, 2);
        Tensor dk = torch.bmm(dScores.transpose(1, 2), q).view(b, k, t, s).transpose(1, 2);
        Tensor dv = torch.bmm(saved.scores.probabilities.transpose(1, 2), dMixed).view(b, k, t, s).transpose(1, 2);
        backwardHeads(dq, dk, dHeads, saved.heads, geometry.turn(plan));
        dHeads.narrow(2, h + k, k).copy_(dv);
        qkv.backward(dHeads.view(b * t, (h + 2 * k) * s), saved.norm.output(), saved.qkv, adapter.queryKeyValue(),
                needsInput, false)
                .ifPresent(dNorm -> dy.add_(norms.input.backward(dNorm, saved.x, saved.norm)));
    }

    private void backwardHeads(Tensor dq, Tensor dk, Tensor dHeads, Heads heads, Optional<Turn> turn) {
        Tensor toQuery = dHeads.narrow(2, 0, h);
        Tensor toKey = dHeads.narrow(2, h, k);
        turn(dq, toQuery, turn, -1);
        turn(dk, toKey, turn, -1);
        norms.query.ifPresent(norm -> toQuery.copy_(norm.backward(toQuery, heads.projected.narrow(2, 0, h),
                heads.queryNorm.orElseThrow())));
        norms.key.ifPresent(norm -> toKey.copy_(norm.backward(toKey, heads.projected.narrow(2, h, k),
                heads.keyNorm.orElseThrow())));
    }
}
