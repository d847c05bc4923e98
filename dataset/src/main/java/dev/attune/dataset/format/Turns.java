package dev.attune.dataset.format;

/** What becomes of a conversation with several answers. */
public enum Turns {
    /** It stays one row, and every answer in it is trained unless its weight is 0. */
    WHOLE,
    /**
     * One row for each answer that is trained: the conversation up to it, with the weight 0 on the earlier answers. An answer
     * whose weight is 0 gets no row of its own and stays as context.
     */
    EACH_ANSWER
}
