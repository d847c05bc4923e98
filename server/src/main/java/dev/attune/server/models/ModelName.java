package dev.attune.server.models;

import dev.attune.server.store.Ids;

/** Names of tuned models: {@code ft:<base>:<organization>:<suffix or empty>:<8 letters and digits>}. */
public final class ModelName {
    private ModelName() {}

    /** A new name for a job's result. */
    public static String tuned(String base, String organization, String suffix) {
        return "ft:" + base + ":" + organization + ":" + suffix + ":" + Ids.alphanumeric(8);
    }

    /** A new name for a job's checkpoint, with letters and digits of its own. */
    public static String checkpoint(String base, String organization, String suffix, int step) {
        return tuned(base, organization, suffix) + ":ckpt-step-" + step;
    }
}
