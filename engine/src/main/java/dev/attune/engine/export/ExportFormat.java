package dev.attune.engine.export;

import java.util.Locale;

/** What a model is exported as. */
public enum ExportFormat {
    /** The adapter alone, in PEFT's layout. */
    PEFT,
    /** A whole model in Hugging Face layout, the adapter merged. */
    HF,
    /** One file for llama.cpp: the whole model, the adapter merged, or the adapter alone. */
    GGUF;

    /** As it is typed. */
    public String shown() {
        return name().toLowerCase(Locale.ROOT);
    }
}
