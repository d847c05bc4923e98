package dev.attune.engine.data;

import dev.attune.engine.EngineException;

import java.util.Locale;

/** What becomes of an example with more tokens than the model takes, or than the job allows. */
public enum OverLength {
    /** The job fails and names the lines. */
    REFUSE,
    /** The example is left out. */
    DROP,
    /** The example is cut at its end; where nothing trained is left, it is left out. */
    TRUNCATE,
    /**
     * The example becomes several, each beginning with the last token of the one before, so that every trained token is
     * still trained, if with less before it. Pieces without a trained token are left out.
     */
    SPLIT;

    /** As job.json writes it. */
    public String jsonName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The policy of this name.
     *
     * @throws EngineException where there is none
     */
    public static OverLength of(String jsonName) {
        for (OverLength policy : values()) {
            if (policy.jsonName().equals(jsonName)) {
                return policy;
            }
        }
        throw new EngineException("The policy " + jsonName + " for over-length examples is not known; refuse, drop,"
                + " truncate and split are.");
    }
}
