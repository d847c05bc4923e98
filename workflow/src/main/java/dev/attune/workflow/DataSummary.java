package dev.attune.workflow;

import java.util.List;

/**
 * What the check step found, as the report and the journal keep it.
 *
 * @param file the training file as the recipe names it
 * @param sha256 of its bytes
 * @param tokens of all rows together, or −1 where the base model's tokenizer is not at hand
 * @param trainedTokens how many of them are targets of the loss, or −1
 * @param longestRow in tokens, or −1
 * @param notes problems, warnings and advice, as sentences; at most {@link #MOST_NOTES}
 * @param estimates what tuning will take and cost, as sentences
 */
public record DataSummary(String file, String sha256, int rows, long tokens, long trainedTokens, long longestRow,
        int warnings,
        int advice, List<String> notes, List<String> estimates) {
    /** More would hide what matters. */
    public static final int MOST_NOTES = 20;

    public DataSummary {
        notes = List.copyOf(notes);
        estimates = List.copyOf(estimates);
    }
}
