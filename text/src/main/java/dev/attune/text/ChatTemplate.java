package dev.attune.text;

import java.nio.file.Path;
import java.util.Map;

/** The chat template of a base model. */
public final class ChatTemplate {
    private ChatTemplate() {}

    public static ChatTemplate load(Path modelDir) {
        throw new UnsupportedOperationException();
    }

    public static ChatTemplate parse(String source, Map<String, String> specialTokens) {
        throw new UnsupportedOperationException();
    }

    public String render(Conversation conversation, boolean addGenerationPrompt) {
        throw new UnsupportedOperationException();
    }
}
