package dev.attune.dataset;

/** What happens to a row that has more tokens than the model takes. */
public enum Overlong {
    /** The job fails, as with Attune's own trainer. */
    REFUSED,
    /** The row is cut at its end and trained all the same, as at OpenAI. */
    CUT
}
