package dev.attune.dataset;

/** Why two rows stay in one part. */
public enum Bond {
    /** They have the same value of the group key. */
    SAME_GROUP("same group"),
    /** They ask the same, but for case and white space. */
    SAME_QUESTION("same question"),
    /** They ask nearly the same. */
    NEAR_QUESTION("nearly the same question"),
    /** Question and answer together are nearly the same. */
    NEAR_ROW("nearly the same row");

    private final String words;

    Bond(String words) {
        this.words = words;
    }

    /** As a sentence says it. */
    public String words() {
        return words;
    }
}
