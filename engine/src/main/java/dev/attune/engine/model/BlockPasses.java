package dev.attune.engine.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;

/** One batch on its way through all blocks, and back. Owns what is kept on the way; lives within one pass. */
final class BlockPasses implements AutoCloseable {
    private final List<DecoderLayer> layers;
    private final Geometry geometry;
    private final IntFunction<DecoderLayer.Adapter> adapters;
    private final Kept kept;
    private final List<Pass> passes = new ArrayList<>();
    private final List<Tensor> inputs = new ArrayList<>();

    /** What is kept of the way forward: nothing, what the way back needs, or each block's input to compute that again. */
    enum Kept {
        NOTHING, ALL, INPUTS
    }

    private record Pass(DecoderLayer.Saved saved, DecoderLayer.Adapter adapter) {}

    /** @param adapters gives each block's factors, in the same state each time it is asked */
    BlockPasses(List<DecoderLayer> layers, Geometry geometry, IntFunction<DecoderLayer.Adapter> adapters, Kept kept) {
        this.layers = layers;
        this.geometry = geometry;
        this.adapters = adapters;
        this.kept = kept;
    }

    Geometry geometry() {
        return geometry;
    }

    /** The last block's output for the first one's input, both of shape (N, D); lives as long as this. */
    Tensor forward(Tensor first) {
        Tensor x = first;
        for (int layer = 0; layer < layers.size(); layer++) {
            Pass pass = run(layer, x);
            passes.add(pass);
            if (kept == Kept.INPUTS) {
                inputs.add(x);
                x = pass.saved.output().clone();
                pass.saved.close();
            } else {
                x = pass.saved.output();
                if (kept == Kept.NOTHING && layer > 0) {
                    passes.get(layer - 1).saved.close();
                }
            }
        }
        return x;
    }

    private Pass run(int layer, Tensor x) {
        DecoderLayer.Adapter adapter = adapters.apply(layer);
        return new Pass(layers.get(layer).forward(x, geometry, adapter), adapter);
    }

    /**
     * Adds to the gradients of all that is trained.
     *
     * @param gradient of the output, shape (N, D); is overwritten with that of the first block's input
     * @param needsInput whether that is needed
     */
    void backward(Tensor gradient, boolean needsInput) {
        for (int layer = layers.size() - 1; layer >= 0; layer--) {
            Pass pass = kept == Kept.INPUTS ? run(layer, inputs.get(layer)) : passes.get(layer);
            try (var saved = pass.saved) {
                layers.get(layer).backward(gradient, saved, geometry, pass.adapter, layer > 0 || needsInput);
            }
        }
    }

    @Override
    public void close() {
        passes.forEach(pass -> pass.saved.close());
    }
}
