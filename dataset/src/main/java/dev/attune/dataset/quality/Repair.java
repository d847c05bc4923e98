package dev.attune.dataset.quality;

/** Whether {@link Fixer} can put a kind of problem right. */
public enum Repair {
    /** A person has to decide. */
    NONE,
    /** Done unless other codes are asked for: what the rows say stays the same. */
    SAFE,
    /** Done only where it is asked for: what the rows say changes. */
    ON_REQUEST
}
