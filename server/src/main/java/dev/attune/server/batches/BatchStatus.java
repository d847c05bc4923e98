package dev.attune.server.batches;

import java.util.Locale;

/** Where a batch stands. */
enum BatchStatus {
    VALIDATING, FAILED, IN_PROGRESS, FINALIZING, COMPLETED, EXPIRED, CANCELLING, CANCELLED;

    /** As the wire and the store write it. */
    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static BatchStatus of(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }

    /** Whether nothing more happens to such a batch. */
    boolean isTerminal() {
        return this == FAILED || this == COMPLETED || this == EXPIRED || this == CANCELLED;
    }

    /** The column that keeps when this status began; empty for the first, which began with the batch. */
    String column() {
        return this == VALIDATING ? "" : wire() + "_at";
    }
}
