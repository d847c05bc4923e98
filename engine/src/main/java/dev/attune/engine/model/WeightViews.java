package dev.attune.engine.model;

import dev.attune.engine.config.Family;
import dev.attune.engine.config.LinearModule;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.ModelLayout;

import java.util.List;
import java.util.Optional;

/** The parts of a decoder as views of its weights. */
final class WeightViews {
    private final ModelConfig config;
    private final ModelLayout layout;
    private final ModelWeights weights;

    WeightViews(ModelConfig config, ModelWeights weights) {
        this.config = config;
        this.layout = new ModelLayout(config);
        this.weights = weights;
    }

    DecoderLayer layer(int layer) {
        List<List<LinearModule>> groups = layout.groups(layer);
        var norms = new Attention.Norms(norm(layout.norm(ModelLayout.BlockNorm.ATTENTION, layer)),
                norm(ModelLayout.BlockNorm.QUERY, layer), norm(ModelLayout.BlockNorm.KEY, layer),
                norm(ModelLayout.BlockNorm.AFTER_ATTENTION, layer));
        var attention = new Attention(config, config.plan().get(layer), norms,
                weights.projection(groups.get(ModelLayout.Group.QUERY_KEY_VALUE.ordinal())),
                weights.projection(groups.get(ModelLayout.Group.ATTENTION_OUTPUT.ordinal())));
        var feedForward = new FeedForward(config, norm(layout.norm(ModelLayout.BlockNorm.FEED_FORWARD, layer)),
                weights.projection(groups.get(ModelLayout.Group.FEED_FORWARD_INPUT.ordinal())),
                weights.projection(groups.get(ModelLayout.Group.FEED_FORWARD_OUTPUT.ordinal())),
                norm(ModelLayout.BlockNorm.AFTER_FEED_FORWARD, layer));
        return new DecoderLayer(attention, feedForward);
    }

    Norm finalNorm() {
        return norm(layout.finalNorm());
    }

    Embedding embedding() {
        boolean scaled = config.family().has(Family.Trait.SCALED_EMBEDDING);
        boolean learned = config.family().has(Family.Trait.LEARNED_POSITIONS);
        return new Embedding(weights.weight(layout.embedding()),
                learned ? Optional.of(weights.weight(layout.positions())) : Optional.empty(),
                scaled ? Math.sqrt(config.hiddenSize()) : 1, config.padTokenId());
    }

    LossHead head() {
        return new LossHead(weights.head(layout.head()), config.softcaps().logits());
    }

    private Optional<Norm> norm(ModelLayout.BlockNorm norm, int layer) {
        return layout.has(norm) ? Optional.of(norm(layout.norm(norm, layer))) : Optional.empty();
    }

    private Norm norm(String name) {
        boolean biased = config.family().has(Family.Trait.LAYER_NORM);
        return new Norm(Norm.Kind.of(config.family()), weights.weight(name + ".weight"),
                biased ? Optional.of(weights.weight(name + ".bias")) : Optional.empty(), config.normEpsilon());
    }
}
