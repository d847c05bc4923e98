package dev.attune.dataset;

/** What a file of rows is for: it decides how many rows there must be. */
public enum FilePart {
    TRAINING("Training file", 10), VALIDATION("Validation file", 1), TEST("Test file", 1);

    private final String title;
    private final int minimumExamples;

    FilePart(String title, int minimumExamples) {
        this.title = title;
        this.minimumExamples = minimumExamples;
    }

    /** As a message begins: {@code Training file}. */
    public String title() {
        return title;
    }

    /** The fewest rows that are accepted; 10 for training, as at OpenAI. */
    public int minimumExamples() {
        return minimumExamples;
    }
}
