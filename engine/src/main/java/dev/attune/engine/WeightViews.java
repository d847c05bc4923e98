package dev.attune.engine;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** The parts of a decoder as views of its weights. */
final class WeightViews {
    private final ModelConfig config;
    private final ModelLayout layout;
    private final Parameters weights;
    private final Optional<Tensor> half;

    /** @param half all weights in bfloat16, in the same layout, where products are made in it */
    WeightViews(ModelConfig config, Parameters weights, Optional<Tensor> half) {
        this.config = config;
        this.layout = new ModelLayout(config);
        this.weights = weights;
        this.half = half;
    }

    DecoderLayer layer(int layer) {
        List<List<LinearModule>> groups = layout.groups(layer);
        var norms = new Attention.Norms(norm(layout.norm(ModelLayout.BlockNorm.ATTENTION, layer)),
                norm(ModelLayout.BlockNorm.QUERY, layer), norm(ModelLayout.BlockNorm.KEY, layer),
                norm(ModelLayout.BlockNorm.AFTER_ATTENTION, layer));
        var attention = new Attention(config, config.plan().get(layer), norms,
                projection(groups.get(ModelLayout.Group.QUERY_KEY_VALUE.ordinal())),
                projection(groups.get(ModelLayout.Group.ATTENTION_OUTPUT.ordinal())));
        var feedForward = new FeedForward(config, norm(layout.norm(ModelLayout.BlockNorm.FEED_FORWARD, layer)),
                projection(groups.get(ModelLayout.Group.FEED_FORWARD_INPUT.ordinal())),
                projection(groups.get(ModelLayout.Group.FEED_FORWARD_OUTPUT.ordinal())),
                norm(ModelLayout.BlockNorm.AFTER_FEED_FORWARD, layer));
        return new DecoderLayer(attention, feedForward);
    }

    Norm finalNorm() {
        return norm(layout.finalNorm());
    }

    Embedding embedding() {
        boolean scaled = config.family().has(Family.Trait.SCALED_EMBEDDING);
        boolean learned = config.family().has(Family.Trait.LEARNED_POSITIONS);
        return new Embedding(weight(layout.embedding()),
                learned ? Optional.of(weight(layout.positions())) : Optional.empty(),
                scaled ? Math.sqrt(config.hiddenSize()) : 1);
    }

    LossHead head() {
        String name = layout.head();
        return new LossHead(new Projection(weight(name), Optional.empty(),
                half.map(all -> weights.stacked(all, name, name))), config.softcaps().logits());
    }

    private Weight weight(String name) {
        return stacked(name, name);
    }

    private Weight stacked(String first, String last) {
        boolean trained = weights.trained();
        return new Weight(weights.stacked(weights.values(), first, last),
                trained ? weights.stacked(weights.gradients(), first, last) : Tensors.zeros(0), trained);
    }

    private Optional<Norm> norm(ModelLayout.BlockNorm norm, int layer) {
        return layout.has(norm) ? Optional.of(norm(layout.norm(norm, layer))) : Optional.empty();
    }

    private Norm norm(String name) {
        boolean biased = config.family().has(Family.Trait.LAYER_NORM);
        return new Norm(config.family().norm(), weight(name + ".weight"),
                biased ? Optional.of(weight(name + ".bias")) : Optional.empty(), config.normEpsilon());
    }

    private Projection projection(List<LinearModule> group) {
        LinearModule first = group.getFirst();
        LinearModule last = group.getLast();
        Weight stored = stacked(first.weight(), last.weight());
        Optional<Tensor> stackedHalf = half.map(all -> weights.stacked(all, first.weight(), last.weight()));
        Optional<Weight> bias = first.bias()
                ? Optional.of(stacked(first.biasName(), last.biasName()))
                : Optional.empty();
        return new Projection(first.transposed() ? stored.transposed() : stored, bias,
                stackedHalf.map(first::facing));
    }
}
