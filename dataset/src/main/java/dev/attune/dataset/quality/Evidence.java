package dev.attune.dataset.quality;

/**
 * A place that shows a problem. Immutable.
 *
 * @param line line of the file, the first is 1
 * @param pointer JSON pointer into the line's object; empty where the whole row is meant
 * @param what what is wrong there, without a full stop
 * @param excerpt the piece of text that shows it, shortened; personal data and secrets are masked
 */
public record Evidence(int line, String pointer, String what, String excerpt) {}
