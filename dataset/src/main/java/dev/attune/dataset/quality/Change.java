package dev.attune.dataset.quality;

/**
 * Something that {@link Fixer} changed. Immutable.
 *
 * @param code the code that was fixed
 * @param line line of the file that was read, the first is 1
 * @param pointer JSON pointer into the line's object; empty where the line as a whole is meant
 * @param before the place as it was, shortened; personal data and secrets are masked
 * @param after the place as it is, shortened and masked; empty where it was removed
 */
public record Change(String code, int line, String pointer, String before, String after) {}
