package dev.attune.workflow;

import java.util.Locale;

/** The steps of a run, in order; each builds on the ones before it. */
public enum RunStep {
    CHECK, SPLIT, UPLOAD, TUNE, EVALUATE, REPORT;

    /** The step as the journal writes it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
