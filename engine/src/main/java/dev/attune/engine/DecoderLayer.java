package dev.attune.engine;

import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One Llama block, forward and backward by hand: x + attention(norm(x)), then x + feedForward(norm(x)).
 *
 * <p>Shapes: N = B·T tokens, D hidden, H query heads, K key-value heads, G = H / K, S head size, F feed-forward size.
 * The heads of one group lie next to each other, so grouped attention is K products of G·T queries with T keys, and
 * nothing is copied G times. The gradients are those of the chain rule; the softmax's uses
 * dS = P ∘ (dP − rowsum(dO ∘ O)).
 */
final class DecoderLayer {
    private final ModelConfig config;
    private final RmsNorm attentionNorm;
    private final Projection qkv;
    private final Projection out;
    private final RmsNorm feedForwardNorm;
    private final Projection gateUp;
    private final Projection down;
    private final float scale;

    /** The adapter's factors for the four groups of {@link LinearModule#GROUPS}. */
    record Adapter(Optional<LoraFactors> qkv, Optional<LoraFactors> out, Optional<LoraFactors> gateUp,
            Optional<LoraFactors> down) {
        static final Adapter NONE = new Adapter(Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty());
    }

    DecoderLayer(ModelConfig config, RmsNorm attentionNorm, RmsNorm feedForwardNorm, List<Projection> groups) {
        this.config = config;
        this.attentionNorm = attentionNorm;
        this.feedForwardNorm = feedForwardNorm;
        this.qkv = groups.get(0);
        this.out = groups.get(1);
        this.gateUp = groups.get(2);
        this.down = groups.get(3);
        this.scale = (float) (1 / Math.sqrt(config.headSize()));
    }

    /** What the backward pass needs; closes what it holds. */
    static final class Saved implements AutoCloseable {
        private final PointerScope owner;
        private final Tensor x;
        private final Attention attention;
        private final FeedForward feedForward;

        private Saved(PointerScope owner, Tensor x, Attention attention, FeedForward feedForward) {
            this.owner = owner;
            this.x = x;
            this.attention = attention;
            this.feedForward = feedForward;
        }

        /** The block's output, shape (N, D); lives as long as this. */
        Tensor output() {
            return feedForward.output;
        }

        @Override
        public void close() {
            owner.close();
        }
    }

    private record Attention(RmsNorm.Result norm, Projection.Result qkv, Tensor rotated, Tensor values,
            Tensor probabilities, Tensor mixed, Projection.Result out, Tensor output) {}

    private record FeedForward(RmsNorm.Result norm, Projection.Result gateUp, Tensor activated, Tensor product,
            Projection.Result down, Tensor output) {}

    /** Runs the block on x of shape (N, D). */
    Saved forward(Tensor x, Geometry geometry, Adapter adapter) {
        var scope = new PointerScope();
        try {
            Attention attention = attend(x, geometry, adapter);
            FeedForward feedForward = feed(attention.output, adapter);
            return new Saved(scope.extend(), x, attention, feedForward);
        } finally {
            scope.close();
        }
    }

    private Attention attend(Tensor x, Geometry geometry, Adapter adapter) {
        long b = geometry.rows();
        long t = geometry.length();
        long h = config.heads();
        long k = config.keyValueHeads();
        long s = config.headSize();
        RmsNorm.Result norm = attentionNorm.forward(x);
        Projection.Result projected = qkv.forward(norm.output(), adapter.qkv());
        Tensor heads = projected.output().view(b, t, h + 2 * k, s);
        Tensor rotated = Tensors.empty(b, h + k, t, s);
        RotaryTable.rotate(heads.narrow(2, 0, h + k), rotated.transpose(1, 2), geometry.cos(), geometry.sin(), 1);
        Tensor q = rotated.narrow(1, 0, h).reshape(b * k, h / k * t, s);
        Tensor keys = rotated.narrow(1, h, k).reshape(b * k, t, s);
        Tensor values = heads.narrow(2, h + k, k).transpose(1, 2).reshape(b * k, t, s);
        Tensor scores = torch.bmm(q, keys.transpose(1, 2));
        Tensor grid = scores.view(b, h, t, t);
        grid.mul_(new Scalar(scale)).add_(geometry.mask());
        Tensor probabilities = torch.softmax_out(scores, scores, -1);
        Tensor mixed = torch.bmm(probabilities, values);
        Tensor flat = mixed.view(b, h, t, s).transpose(1, 2).reshape(b * t, h * s);
        Projection.Result result = out.forward(flat, adapter.out());
        return new Attention(norm, projected, rotated, values, probabilities, flat, result, x.add(result.output()));
    }

    private FeedForward feed(Tensor x, Adapter adapter) {
        long f = config.feedForwardSize();
        RmsNorm.Result norm = feedForwardNorm.forward(x);
        Projection.Result both = gateUp.forward(norm.output(), adapter.gateUp(),
                adapter.down().isEmpty());
        Tensor activated = torch.silu(both.output().narrow(1, 0, f));
        Tensor product = activated.mul(both.output().narrow(1, f, f));
        Projection.Result result = down.forward(product, adapter.down());
        return new FeedForward(norm, both, activated, product, result, x.add(result.output()));
    }

    /**
     * Runs the block on new tokens of cached sequences and adds their keys and values to the cache.
     *
     * @param x shape (M · n, D)
     * @param keys shape (slots · K, maxTokens, S)
     * @param values of the same shape
     * @return shape (M · n, D)
     */
    Tensor decode(Tensor x, DecodeSession.Window window, Tensor keys, Tensor values, Adapter adapter) {
        try (var scope = new PointerScope()) {
            Tensor mixed = decodeAttention(attentionNorm.forward(x).output(), window, keys, values, adapter);
            Tensor residual = x.add(out.forward(mixed, adapter.out()).output());
            Tensor result = feed(residual, adapter).output;
            result.retainReference();
            return result;
        }
    }

    private Tensor decodeAttention(Tensor normed, DecodeSession.Window window, Tensor keys, Tensor values,
            Adapter adapter) {
        long m = window.sequences();
        long n = window.tokens();
        long h = config.heads();
        long k = config.keyValueHeads();
        long s = config.headSize();
        Tensor heads = qkv.forward(normed, adapter.qkv()).output().view(m, n, h + 2 * k, s);
        Tensor rotated = Tensors.empty(m, h + k, n, s);
        RotaryTable.rotate(heads.narrow(2, 0, h + k), rotated.transpose(1, 2), window.cos(), window.sin(), 1);
        keys.view(-1, s).index_copy_(0, window.rows(), rotated.narrow(1, h, k).reshape(m * k * n, s));
        values.view(-1, s).index_copy_(0, window.rows(),
                heads.narrow(2, h + k, k).transpose(1, 2).reshape(m * k * n, s));
        Tensor q = rotated.narrow(1, 0, h).reshape(m * k, h / k * n, s);
        Tensor scores = torch.bmm(q, DecodeSession.visible(keys, window).transpose(1, 2));
        scores.mul_(new Scalar(scale));
        window.mask().ifPresent(mask -> scores.view(m, h, n, window.extent()).add_(mask));
        Tensor mixed = torch.bmm(torch.softmax_out(scores, scores, -1), DecodeSession.visible(values, window));
        return mixed.view(m, h, n, s).transpose(1, 2).reshape(m * n, h * s);
    }

    /**
     * Adds to the gradients of what is trained in this block and its adapter.
     *
     * @param dy gradient of the output, shape (N, D); is overwritten with the gradient of the input
     * @param needsInput whether anything below this block is trained
     */
    void backward(Tensor dy, Saved saved, Geometry geometry, Adapter adapter, boolean needsInput) {
        try (var scope = new PointerScope()) {
            backwardFeedForward(dy, saved.attention.output, saved.feedForward, adapter);
            backwardAttention(dy, saved, geometry, adapter, needsInput);
        }
    }

    private void backwardFeedForward(Tensor dy, Tensor x, FeedForward f, Adapter adapter) {
        long size = config.feedForwardSize();
        Tensor dProduct = down.backward(dy, f.product, f.down, adapter.down(), true, adapter.gateUp().isEmpty())
                .orElseThrow();
        Tensor gate = f.gateUp.output().narrow(1, 0, size);
        Tensor up = f.gateUp.output().narrow(1, size, size);
        Tensor dBoth = torch.empty_like(f.gateUp.output());
        torch.mul_out(dBoth.narrow(1, size, size), dProduct, f.activated);
        torch.silu_backward_outf(dProduct.mul_(up), gate, dBoth.narrow(1, 0, size));
        Tensor dNorm = gateUp.backward(dBoth, f.norm.output(), f.gateUp, adapter.gateUp(), true, false)
                .orElseThrow();
        dy.add_(feedForwardNorm.backward(dNorm, x, f.norm.inverse()));
    }

    private void backwardAttention(Tensor dy, Saved saved, Geometry geometry, Adapter adapter, boolean needsInput) {
        Attention a = saved.attention;
        long b = geometry.rows();
        long t = geometry.length();
        long h = config.heads();
        long k = config.keyValueHeads();
        long s = config.headSize();
        Tensor dFlat = out.backward(dy, a.mixed, a.out, adapter.out(), true, false).orElseThrow();
        Tensor dMixed = dFlat.view(b, t, h, s).transpose(1, 2).reshape(b * k, h / k * t, s);
        Tensor dot = dFlat.mul(a.mixed).view(b, t, h, s).sum(-1).transpose(1, 2).reshape(b * k, h / k * t, 1);
        Tensor dScores = torch.bmm(dMixed, a.values.transpose(1, 2));
        dScores.sub_(dot).mul_(a.probabilities).mul_(new Scalar(scale));
        Tensor q = a.rotated.narrow(1, 0, h).reshape(b * k, h / k * t, s);
        Tensor keys = a.rotated.narrow(1, h, k).reshape(b * k, t, s);
        Tensor dHeads = Tensors.empty(b, t, h + 2 * k, s);
        Tensor dq = torch.bmm(dScores, keys).view(b, h, t, s).transpose(1, 2);
        Tensor dk = torch.bmm(dScores.transpose(1, 2), q).view(b, k, t, s).transpose(1, 2);
        Tensor dv = torch.bmm(a.probabilities.transpose(1, 2), dMixed).view(b, k, t, s).transpose(1, 2);
        RotaryTable.rotate(dq, dHeads.narrow(2, 0, h), geometry.cos(), geometry.sin(), -1);
        RotaryTable.rotate(dk, dHeads.narrow(2, h, k), geometry.cos(), geometry.sin(), -1);
        dHeads.narrow(2, h + k, k).copy_(dv);
        Tensor dQkv = dHeads.view(b * t, (h + 2 * k) * s);
        qkv.backward(dQkv, a.norm.output(), a.qkv, adapter.qkv(), needsInput, false)
                .ifPresent(dNorm -> dy.add_(attentionNorm.backward(dNorm, saved.x, a.norm.inverse())));
    }
}
