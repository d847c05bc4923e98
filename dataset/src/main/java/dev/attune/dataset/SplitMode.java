package dev.attune.dataset;

/** What decides which part a group of rows goes to. */
public sealed interface SplitMode {

    /** The shares are met as closely as the groups allow, and each stratum stands in every part in its share. */
    record Balanced() implements SplitMode {}

    /**
     * A hash of what a row is decides, so rows appended to the file never move those before them. Given up for that: the
     * shares are met only on average, strata are not balanced, and an appended row that is close to rows of two parts is
     * left out of all.
     */
    record Sticky() implements SplitMode {}

    /**
     * The newest rows are the test, those before them the validation, so a model is measured on what came after all that it
     * was trained on. A group goes where its newest row belongs.
     *
     * @param time where a row says when it was: an ISO 8601 date or date-time (UTC where it names no offset), or seconds
     *            since 1970
     */
    record Temporal(RowKey time) implements SplitMode {}
}
