package dev.attune.engine.sample;

/**
 * A token and the natural logarithm of the probability that the model gives it, before temperature, penalties and bias.
 */
public record Logprob(int token, double value) {}
