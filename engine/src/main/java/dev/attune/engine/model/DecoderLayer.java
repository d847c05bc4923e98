package dev.attune.engine.model;

import dev.attune.engine.config.ModelLayout;
import dev.attune.engine.config.Precision;
import dev.attune.engine.tensor.KeptTensors;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** One block of the decoder, forward and backward by hand: attention, then the feed-forward part. */
final class DecoderLayer {
    private final Attention attention;
    private final FeedForward feedForward;

    /** The adapter's factors for the four groups of {@link ModelLayout.Group}. */
    record Adapter(Optional<LoraFactors> queryKeyValue, Optional<LoraFactors> attentionOutput,
            Optional<LoraFactors> feedForwardInput, Optional<LoraFactors> feedForwardOutput) {
        static final Adapter NONE = new Adapter(Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty());

        /** @param groups one for each of {@link ModelLayout.Group}, in their order */
        static Adapter of(List<Optional<LoraFactors>> groups) {
            return new Adapter(groups.get(0), groups.get(1), groups.get(2), groups.get(3));
        }

        /** Releases what the factors have computed for themselves. */
        void close() {
            Stream.of(queryKeyValue, attentionOutput, feedForwardInput, feedForwardOutput).flatMap(Optional::stream)
                    .flatMap(factors -> factors.ups().stream()).flatMap(up -> up.magnitude().stream())
                    .forEach(Magnitude::close);
        }

        Adapter with(Dropout dropout) {
            return map(factors -> factors.with(dropout));
        }

        /** Whether any of its layers has a magnitude. */
        boolean hasMagnitudes() {
            return Stream.of(queryKeyValue, attentionOutput, feedForwardInput, feedForwardOutput)
                    .flatMap(Optional::stream).anyMatch(LoraFactors::hasMagnitudes);
        }

        /** The same with its factors in the type in which products are made. */
        Adapter in(Precision precision) {
            return map(factors -> factors.in(precision));
        }

        private Adapter map(UnaryOperator<LoraFactors> change) {
            return new Adapter(queryKeyValue.map(change), attentionOutput.map(change), feedForwardInput.map(change),
                    feedForwardOutput.map(change));
        }
    }

    DecoderLayer(Attention attention, FeedForward feedForward) {
        this.attention = attention;
        this.feedForward = feedForward;
    }

    /** What the backward pass needs; closes what it holds. */
    static final class Saved implements AutoCloseable {
        private final KeptTensors kept;
        private final Attention.Saved attention;
        private final FeedForward.Saved feedForward;

        private Saved(KeptTensors kept, Attention.Saved attention, FeedForward.Saved feedForward) {
            this.kept = kept;
            this.attention = attention;
            this.feedForward = feedForward;
        }

        /** The block's output, shape (N, D); lives as long as this. */
        Tensor output() {
            return feedForward.sum();
        }

        @Override
        public void close() {
            kept.close();
        }
    }

    /** Runs the block on x of shape (N, D). */
    Saved forward(Tensor x, Geometry geometry, Adapter adapter) {
        var kept = new KeptTensors();
        try (var temporaries = new PointerScope()) {
            Attention.Saved attended = attention.forward(x, geometry, adapter, kept);
            FeedForward.Saved fed = feedForward.forward(attended.sum(), adapter, kept);
            return new Saved(kept, attended, fed);
        } catch (RuntimeException | Error e) {
            kept.close();
            throw e;
        }
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
            Tensor result = feedForward.forward(attention.decode(x, window, keys, values, adapter), adapter);
            result.retainReference();
            return result;
        }
    }

    /**
     * Adds to the gradients of what is trained in this block and its adapter.
     *
     * @param dy gradient of the output, shape (N, D); is overwritten with the gradient of the input
     * @param needsInput whether anything below this block is trained
     */
    void backward(Tensor dy, Saved saved, Geometry geometry, Adapter adapter, boolean needsInput) {
        try (var scope = new PointerScope()) {
            feedForward.backward(dy, saved.feedForward, adapter);
            attention.backward(dy, saved.attention, geometry, adapter, needsInput);
        }
    }
}
