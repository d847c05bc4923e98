package dev.attune.engine;

/**
 * What a model said.
 *
 * @param completionTokens tokens generated, the stop token included
 */
public record Generation(String text, int promptTokens, int completionTokens, FinishReason finishReason) {}
