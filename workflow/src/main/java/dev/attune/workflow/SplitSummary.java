package dev.attune.workflow;

/**
 * The three parts that a run works with: rows, and the SHA-256 of each file.
 *
 * @param validation 0 rows where there is no validation; its hash is then the empty string
 */
public record SplitSummary(int train, int validation, int test, String trainSha256, String validationSha256,
        String testSha256) {}
