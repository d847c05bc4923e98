package dev.attune.engine.export;

/**
 * How far the logits of a written model are from those of the model it was made of.
 *
 * @param tokens at how many tokens of prompts they were compared
 * @param largest the largest difference of a logit
 * @param relative the same as a share of the largest logit
 * @param sameChoice the share of the tokens after which both prefer the same next token
 */
public record LogitDifference(int tokens, double largest, double relative, double sameChoice) {}
