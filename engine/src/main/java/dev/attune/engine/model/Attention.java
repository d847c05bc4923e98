package dev.attune.engine.model;

import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.tensor.KeptTensors;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The attention part of a block, forward and backward by hand: x + W·attention(norm(x)). In some families the queries
 * and keys are normed, the scores bounded by a tanh, or the output normed before it is added.
 *
 * <p>Shapes: B rows, T tokens a row, N = B·T, D hidden, H query heads, K key-value heads, G = H / K, S head size.
 */
final class Attention {
    private final ModelConfig.Layer plan;
    private final long h;
    private final long k;
    private final long s;
    private final Norms norms;
    private final Projection qkv;
    private final Projection out;
    private final AttentionProduct product;

    /** The norms of its input, of each head's query and key, and of its output. */
    record Norms(Norm input, Optional<Norm> query, Optional<Norm> key, Optional<Norm> after) {}

    Attention(ModelConfig config, ModelConfig.Layer plan, Norms norms, Projection qkv, Projection out) {
        this.plan = plan;
        this.h = config.heads();
        this.k = config.keyValueHeads();
        this.s = config.headSize();
        this.norms = norms;
        this.qkv = qkv;
        this.out = out;
        this.product = new AttentionProduct(h / k, config.softcaps().attention());
    }

    /**
     * What the backward pass needs.
     *
     * @param mixed the heads' outputs, shape (N, H·S)
     * @param sum the output, shape (N, D)
     */
    record Saved(Tensor x, Norm.Result norm, Projection.Result qkv, Heads heads, List<AttentionProduct.Scores> scores,
            Tensor mixed, Projection.Result out, Optional<Norm.Result> after, Tensor sum) {}

    /**
     * @param projected what the norms of queries and keys read, shape (B, T, H + 2K, S)
     * @param queries turned and scaled, shape (B·K, T·G, S)
     * @param keys turned, shape (B·K, T, S)
     * @param values shape (B·K, T, S)
     */
    private record Heads(Tensor projected, Optional<Norm.Result> queryNorm, Optional<Norm.Result> keyNorm,
            Tensor queries, Tensor keys, Tensor values) {

        void keep(KeptTensors kept) {
            queryNorm.ifPresent(norm -> {
                kept.keep(projected);
                norm.keepFactors(kept);
            });
            keyNorm.ifPresent(norm -> norm.keepFactors(kept));
            kept.keep(queries);
            kept.keep(keys);
            kept.keep(values);
        }
    }

    /** @param kept keeps what the backward pass needs, and the sum */
    Saved forward(Tensor x, Geometry geometry, DecoderLayer.Adapter adapter, KeptTensors kept) {
        long b = geometry.rows();
        long t = geometry.length();
        Norm.Result normed = norms.input.forward(x);
        Projection.Result projected = qkv.forward(normed.output(), adapter.queryKeyValue());
        Heads heads = heads(projected.output(), b, t, geometry.turn(plan));
        AttentionProduct.Result result = product.forward(heads.queries, heads.keys, heads.values, geometry,
                geometry.blocks(plan), Optional.of(kept));
        Tensor mixed = byToken(result.output(), b, t);
        Projection.Result made = out.forward(mixed, adapter.attentionOutput());
        Optional<Norm.Result> last = norms.after.map(present -> present.forward(made.output()));
        Tensor sum = kept.keep(x.add(last.map(Norm.Result::output).orElse(made.output())));
        normed.keepFactors(kept);
        if (qkv.readsInputAgain(adapter.queryKeyValue())) {
            kept.keep(normed.output());
        }
        projected.keep(kept);
        heads.keep(kept);
        kept.keep(mixed);
        made.keep(kept);
        last.ifPresent(norm -> {
            kept.keep(made.output());
            norm.keepFactors(kept);
        });
        return new Saved(x, normed, projected, heads, result.kept(), mixed, made, last, sum);
    }

    /** (B·K, T·G, S) as (N, H·S). */
    private Tensor byToken(Tensor heads, long b, long t) {
        return heads.view(b, k, t, h / k, s).permute(0, 2, 1, 3, 4).reshape(b * t, h * s);
    }

    /** Queries, keys and values of tokens that lie in rows of t. */
    private Heads heads(Tensor projected, long b, long t, Optional<Turn> turn) {
        Tensor all = projected.view(b, t, h + 2 * k, s);
        Optional<Norm.Result> query = norms.query.map(norm -> norm.forward(all.narrow(2, 0, h)));
        Optional<Norm.Result> key = norms.key.map(norm -> norm.forward(all.narrow(2, h, k)));
        Tensor queries = projected.new_empty(b * k, t * (h / k), s);
        Tensor keys = projected.new_empty(b * k, t, s);
        Tensor plainQueries = query.map(Norm.Result::output).orElseGet(() -> all.narrow(2, 0, h));
        turn(plainQueries.view(b, t, k, h / k, s), queriesByToken(queries, b, t), turn, 1);
        turn(key.map(Norm.Result::output).orElseGet(() -> all.narrow(2, h, k)), keysByToken(keys, b, t), turn, 1);
        queries.mul_(new Scalar((float) plan.scale()));
        Tensor values = all.narrow(2, h + k, k).transpose(1, 2).contiguous().view(b * k, t, s);
        return new Heads(all, query, key, queries, keys, values);
    }

    /** (B·K, T·G, S) seen as (B, T, K, G, S). */
    private Tensor queriesByToken(Tensor queries, long b, long t) {
        return queries.view(b, k, t, h / k, s).permute(0, 2, 1, 3, 4);
    }

    /** (B·K, T, S) seen as (B, T, K, S). */
    private Tensor keysByToken(Tensor keys, long b, long t) {
        return keys.view(b, k, t, s).transpose(1, 2);
    }

    private static void turn(Tensor from, Tensor to, Optional<Turn> turn, int direction) {
        turn.ifPresentOrElse(present -> present.apply(from, to, direction), () -> to.copy_(from));
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
        keys.view(-1, s).index_copy_(0, window.rows(), heads.keys.view(m * k * n, s));
        values.view(-1, s).index_copy_(0, window.rows(), heads.values.view(m * k * n, s));
        Tensor scores = torch.bmm(heads.queries, DecodeSession.visible(keys, window).transpose(1, 2));
        product.bound(scores);
        window.mask(plan).ifPresent(mask -> scores.view(m, k, n, h / k, window.extent()).add_(mask.unsqueeze(3)));
        Tensor mixed = torch.bmm(torch.softmax_out(scores, scores, -1), DecodeSession.visible(values, window));
        Tensor made = out.forward(byToken(mixed, m, n), adapter.attentionOutput()).output();
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
        Heads heads = saved.heads;
        Tensor dMade = norms.after.map(present -> present.backward(dy, saved.out.output(), saved.after.orElseThrow()))
                .orElse(dy);
        Tensor dFlat = out.backward(dMade, saved.mixed, saved.out, adapter.attentionOutput(), true, false)
                .orElseThrow();
        Tensor dMixed = dFlat.view(b, t, k, h / k, s).permute(0, 2, 1, 3, 4).reshape(b * k, t * (h / k), s);
        Tensor dot = dFlat.mul(saved.mixed).view(b, t, k, h / k, s).sum(-1).permute(0, 2, 1, 3)
                .reshape(b * k, t * (h / k), 1);
        AttentionProduct.Gradients gradients = product.backward(dMixed, dot, heads.queries, heads.keys, heads.values,
                geometry, geometry.blocks(plan), saved.scores);
        gradients.q().mul_(new Scalar((float) plan.scale()));
        Tensor dHeads = dy.new_empty(b, t, h + 2 * k, s);
        Tensor toQuery = dHeads.narrow(2, 0, h);
        Tensor toKey = dHeads.narrow(2, h, k);
        Optional<Turn> turn = geometry.turn(plan);
        turn(queriesByToken(gradients.q(), b, t), toQuery.view(b, t, k, h / k, s), turn, -1);
        turn(keysByToken(gradients.k(), b, t), toKey, turn, -1);
        norms.query.ifPresent(norm -> toQuery.copy_(norm.backward(toQuery, heads.projected.narrow(2, 0, h),
                heads.queryNorm.orElseThrow())));
        norms.key.ifPresent(norm -> toKey.copy_(norm.backward(toKey, heads.projected.narrow(2, h, k),
                heads.keyNorm.orElseThrow())));
        dHeads.narrow(2, h + k, k).copy_(keysByToken(gradients.v(), b, t));
        qkv.backward(dHeads.view(b * t, (h + 2 * k) * s), saved.norm.output(), saved.qkv, adapter.queryKeyValue(),
                needsInput, false)
                .ifPresent(dNorm -> dy.add_(norms.input.backward(dNorm, saved.x, saved.norm)));
    }
}
