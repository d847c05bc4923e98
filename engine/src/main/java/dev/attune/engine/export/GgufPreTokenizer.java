package dev.attune.engine.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The name that llama.cpp has for the way in which a byte-level tokenizer cuts text into words before it merges.
 *
 * @param exact whether it cuts the same way; otherwise the nearest is named
 */
record GgufPreTokenizer(String name, boolean exact) {
    /** {@code ByteLevel} with its own pattern, GPT-2's. */
    private static final String GPT2 = "<byte-level>";
    private static final String DIGITS = "<digits>";
    private static final Map<List<String>, String> KNOWN = Map.of(List.of(GPT2), "gpt-2", List.of(DIGITS, GPT2),
            "smollm", List.of(
                    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                            + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
            "llama-bpe", List.of(
                    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                            + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
            "qwen2", List.of(
                    "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
                            + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
                            + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
            "tekken", List.of(
                    "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
                            + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
                            + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
                            + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
                            + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
            "gpt-4o");

    static GgufPreTokenizer of(JsonNode preTokenizer) {
        var steps = new ArrayList<String>();
        collect(preTokenizer, steps);
        String known = KNOWN.get(steps);
        if (known != null) {
            return new GgufPreTokenizer(known, true);
        }
        String all = String.join(" ", steps);
        boolean newer = all.contains("[\\r\\n]*");
        return new GgufPreTokenizer(newer ? all.contains("{1,3}") ? "llama-bpe" : "qwen2" : "gpt-2", false);
    }

    private static void collect(JsonNode step, List<String> steps) {
        switch (step.path("type").asString("")) {
            case "Sequence" -> step.path("pretokenizers").forEach(inner -> collect(inner, steps));
            case "Digits" -> steps.add(step.path("individual_digits").asBoolean(false) ? DIGITS : "digits together");
            case "Split" -> steps.add(step.path("pattern").path("Regex").asString(step.path("pattern").toString()));
            case "ByteLevel" -> {
                if (step.path("use_regex").asBoolean(true)) {
                    steps.add(GPT2);
                }
            }
            default -> steps.add(step.path("type").asString("nothing"));
        }
    }
}
