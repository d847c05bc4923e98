package dev.attune.engine.sample;

import java.util.List;

/**
 * What a model said.
 *
 * @param completionTokens tokens generated, the stop token included
 * @param tokens the tokens of the text with their probabilities, where those were asked for; no stop token
 */
public record Generation(String text, int promptTokens, int completionTokens, FinishReason finishReason,
        List<TokenLogprobs> tokens) {
    public Generation {
        tokens = List.copyOf(tokens);
    }
}
