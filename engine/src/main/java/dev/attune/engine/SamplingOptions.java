package dev.attune.engine;

import java.util.List;

/**
 * How text is drawn from a model.
 *
 * @param maxTokens most tokens to generate; 0 stands for as many as the context holds
 * @param temperature 0 takes the likeliest token each time; 1 leaves the model's probabilities as they are
 * @param topP the likeliest tokens that together have this probability are drawn from; 1 keeps all
 * @param seed the same seed, prompt and model give the same text
 * @param stop texts that end the generation and are left out of it; empty ones are not allowed
 */
public record SamplingOptions(int maxTokens, double temperature, double topP, long seed, List<String> stop) {
    public SamplingOptions {
        stop = List.copyOf(stop);
        if (maxTokens < 0 || !(temperature >= 0) || !(topP > 0 && topP <= 1) || stop.contains("")) {
            throw new EngineException(
                    "These sampling options are not possible: maxTokens and temperature are at least 0, "
                            + "topP is above 0 and at most 1, and a stop text is not empty.");
        }
    }

    /** The likeliest text. */
    public static SamplingOptions greedy(int maxTokens) {
        return new SamplingOptions(maxTokens, 0, 1, 0, List.of());
    }
}
