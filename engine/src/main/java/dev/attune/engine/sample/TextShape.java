package dev.attune.engine.sample;

import java.util.List;
import java.util.Set;

/**
 * What a generated text has to look like, whatever the model would rather say.
 *
 * @param openings texts of which it begins with one; the model chooses where they part. None leaves the beginning free
 * @param json whether it is one JSON object, and ends with it
 * @param writtenTokens special tokens that are written out instead of left out, such as {@code [TOOL_CALLS]}
 */
public record TextShape(List<String> openings, boolean json, Set<String> writtenTokens) {
    /** Any text. */
    public static final TextShape FREE = new TextShape(List.of(), false, Set.of());
    /** One JSON object. */
    public static final TextShape JSON_OBJECT = new TextShape(List.of(), true, Set.of());

    public TextShape {
        openings = List.copyOf(openings);
        writtenTokens = Set.copyOf(writtenTokens);
    }
}
