package dev.attune.engine.sample;

import java.util.Map;

/**
 * What makes tokens likelier or less likely before one is drawn. A token that was generated {@code c} times already has
 * {@code frequencyPenalty · c} taken from its logit, and {@code presencePenalty} where {@code c > 0}; then its bias is
 * added.
 *
 * @param bias what is added to the logits of tokens, by id
 */
public record Steering(double presencePenalty, double frequencyPenalty, Map<Integer, Double> bias) {
    /** Leaves the model's logits as they are. */
    public static final Steering NONE = new Steering(0, 0, Map.of());

    public Steering {
        bias = Map.copyOf(bias);
    }

    boolean isNone() {
        return presencePenalty == 0 && frequencyPenalty == 0 && bias.isEmpty();
    }
}
