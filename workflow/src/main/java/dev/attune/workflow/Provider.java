package dev.attune.workflow;

import java.util.Locale;

/** Who trains: our own server, OpenAI, or Azure OpenAI. All three speak the same protocol; only address and key differ. */
public enum Provider {
    ATTUNE, OPENAI, AZURE;

    /** The provider as a recipe writes it: {@code attune}, {@code openai}, {@code azure}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
