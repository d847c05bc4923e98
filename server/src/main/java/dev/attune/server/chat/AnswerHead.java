package dev.attune.server.chat;

/**
 * What stands in every piece of an answer.
 *
 * @param model as the request names it
 * @param fingerprint of the weights that speak
 */
record AnswerHead(String id, long created, String model, String fingerprint) {}
