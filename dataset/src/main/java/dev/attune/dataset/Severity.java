package dev.attune.dataset;

/** How much a problem matters. */
public enum Severity {
    /** The file cannot be trained on, or would train something that nobody meant. */
    ERROR,
    /** Training works, but a person should look. */
    WARNING,
    /** A way to a better model. */
    ADVICE
}
