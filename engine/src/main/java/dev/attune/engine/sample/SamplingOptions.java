package dev.attune.engine.sample;

import dev.attune.engine.EngineException;

import java.util.List;

/**
 * How text is drawn from a model.
 *
 * @param maxTokens most tokens to generate; 0 stands for as many as the context holds
 * @param temperature 0 takes the likeliest token each time; 1 leaves the model's probabilities as they are
 * @param topP the likeliest tokens that together have this probability are drawn from; 1 keeps all
 * @param seed the same seed, prompt and model give the same text
 * @param stop texts that end the generation and are left out of it; empty ones are not allowed
 * @param steering what makes tokens likelier or less likely
 * @param shape what the text has to look like
 * @param alternatives how many of the likeliest tokens are told beside each token, or {@link #NO_LOGPROBS}
 */
public record SamplingOptions(int maxTokens, double temperature, double topP, long seed, List<String> stop,
        Steering steering, TextShape shape, int alternatives) {
    /** No log probabilities are told. */
    public static final int NO_LOGPROBS = -1;

    public SamplingOptions {
        stop = List.copyOf(stop);
        if (maxTokens < 0 || !(temperature >= 0) || !(topP > 0 && topP <= 1) || stop.contains("")
                || alternatives < NO_LOGPROBS) {
            throw new EngineException(
                    "These sampling options are not possible: maxTokens and temperature are at least 0, "
                            + "topP is above 0 and at most 1, and a stop text is not empty.");
        }
    }

    /** Free text, told without probabilities. */
    public SamplingOptions(int maxTokens, double temperature, double topP, long seed, List<String> stop) {
        this(maxTokens, temperature, topP, seed, stop, Steering.NONE, TextShape.FREE, NO_LOGPROBS);
    }

    /** The likeliest text. */
    public static SamplingOptions greedy(int maxTokens) {
        return new SamplingOptions(maxTokens, 0, 1, 0, List.of());
    }

    /** The same with another seed. */
    public SamplingOptions withSeed(long other) {
        return new SamplingOptions(maxTokens, temperature, topP, other, stop, steering, shape, alternatives);
    }

    /** The same with log probabilities of so many alternatives. */
    public SamplingOptions withAlternatives(int count) {
        return new SamplingOptions(maxTokens, temperature, topP, seed, stop, steering, shape, count);
    }

    /** Whether log probabilities are told. */
    public boolean tellsLogprobs() {
        return alternatives != NO_LOGPROBS;
    }
}
