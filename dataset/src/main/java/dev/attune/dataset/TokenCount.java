package dev.attune.dataset;

/**
 * The tokens of one example.
 *
 * @param total all tokens
 * @param trained the tokens that the model is trained to say, at most {@code total}
 */
public record TokenCount(int total, int trained) {}
