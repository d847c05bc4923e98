package dev.attune.dataset.target;

import java.util.Arrays;
import java.util.Optional;

/** Who trains. */
public enum Provider {
    OPENAI("OpenAI"), AZURE("Azure"), ATTUNE("Attune");

    private final String title;

    Provider(String title) {
        this.title = title;
    }

    /** As a sentence names it: {@code OpenAI}. */
    public String title() {
        return title;
    }

    /** As a target begins: {@code openai}. */
    public String prefix() {
        return title.toLowerCase(java.util.Locale.ROOT);
    }

    static Optional<Provider> of(String prefix) {
        return Arrays.stream(values()).filter(provider -> provider.prefix().equals(prefix)).findFirst();
    }
}
