package dev.attune.server.jobs;

import java.util.Locale;

/** Where a fine-tuning job stands. */
enum JobStatus {
    VALIDATING_FILES, QUEUED, RUNNING, PAUSED, SUCCEEDED, FAILED, CANCELLED;

    /** As the wire and the store write it. */
    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static JobStatus of(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }

    /** Whether nothing more happens to such a job. */
    boolean isTerminal() {
        return this == SUCCEEDED || this == FAILED || this == CANCELLED;
    }

    /** Whether the job has begun to train, so that its settings are numbers. */
    boolean isStarted() {
        return this != VALIDATING_FILES && this != QUEUED;
    }
}
