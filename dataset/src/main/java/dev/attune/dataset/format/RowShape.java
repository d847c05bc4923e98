package dev.attune.dataset.format;

import dev.attune.dataset.ShellWord;
import dev.attune.dataset.format.ColumnMapping.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells what a row is by its keys. */
final class RowShape {
    private static final Set<String> QUESTIONS = Set.of("question", "query", "prompt", "user", "input", "q", "problem",
            "instruction");
    private static final Set<String> ANSWERS = Set.of("answer", "response", "completion", "assistant", "output", "a",
            "reply", "solution");
    private static final Set<String> SYSTEMS = Set.of("system", "system_prompt");
    /** Keys that may belong to the question: whether they do is not guessed. */
    private static final Set<String> CONTEXTS = Set.of("context", "passage", "document");

    private RowShape() {}

    /** The keys by which a format is told; empty where the keys are not of that format. */
    static List<String> evidence(SourceFormat format, Collection<String> keys) {
        return switch (format) {
            case CHAT, REINFORCEMENT -> all(keys, "messages");
            case PROMPT_COMPLETION -> all(keys, "prompt", "completion");
            case PREFERENCE -> first(all(keys, "preferred_output"), all(keys, "preferred_completion"),
                    all(keys, "non_preferred_output"), all(keys, "chosen", "rejected"));
            case SHAREGPT -> all(keys, "conversations");
            case ALPACA -> first(all(keys, "instruction", "output"), all(keys, "instruction", "response"));
            case QUESTION_ANSWER, MAPPED -> List.of();
        };
    }

    private static List<String> all(Collection<String> keys, String... needed) {
        return keys.containsAll(List.of(needed)) ? List.of(needed) : List.of();
    }

    @SafeVarargs
    private static List<String> first(List<String>... choices) {
        return Arrays.stream(choices).filter(keys -> !keys.isEmpty()).findFirst().orElse(List.of());
    }

    /** The formats that keys can be read as, without question and answer: none, one, or several. */
    static List<SourceFormat> candidates(Collection<String> keys) {
        var formats = new ArrayList<SourceFormat>();
        for (SourceFormat format : List.of(SourceFormat.CHAT, SourceFormat.PROMPT_COMPLETION, SourceFormat.PREFERENCE,
                SourceFormat.SHAREGPT, SourceFormat.ALPACA)) {
            if (!evidence(format, keys).isEmpty()) {
                formats.add(format);
            }
        }
        if (formats.contains(SourceFormat.PREFERENCE)) {
            formats.remove(SourceFormat.SHAREGPT);
        }
        return formats;
    }

    /** The keys that are known for a part of an example, for each part that has some. */
    static Map<Part, List<String>> pairs(Collection<String> keys) {
        var parts = new LinkedHashMap<Part, List<String>>();
        collect(parts, Part.SYSTEM, keys, SYSTEMS);
        collect(parts, Part.USER, keys, QUESTIONS);
        collect(parts, Part.ASSISTANT, keys, ANSWERS);
        collect(parts, Part.PREFERRED, keys, Set.of("preferred"));
        collect(parts, Part.NON_PREFERRED, keys, Set.of("non_preferred"));
        return parts;
    }

    private static void collect(Map<Part, List<String>> parts, Part part, Collection<String> keys, Set<String> known) {
        List<String> found = keys.stream().filter(key -> known.contains(key.toLowerCase(Locale.ROOT))).toList();
        if (!found.isEmpty()) {
            parts.put(part, found);
        }
    }

    /** Keys that may belong to the question, but need not. */
    static List<String> contexts(Collection<String> keys) {
        return keys.stream().filter(key -> CONTEXTS.contains(key.toLowerCase(Locale.ROOT))).toList();
    }

    /** Whether keys say by themselves what the row is, in one way or in several. */
    static boolean isKnown(Collection<String> keys) {
        Map<Part, List<String>> parts = pairs(keys);
        return !candidates(keys).isEmpty() || parts.containsKey(Part.USER)
                && (parts.containsKey(Part.ASSISTANT) || parts.containsKey(Part.PREFERRED));
    }

    /**
     * The option that maps columns which are called something like a question and an answer; empty where there is not one of
     * each.
     */
    static String likelyMap(Collection<String> keys) {
        List<String> questions = keys.stream().filter(key -> speaksOf(key, QUESTIONS)).toList();
        List<String> answers = keys.stream().filter(key -> speaksOf(key, ANSWERS)).toList();
        return questions.size() == 1 && answers.size() == 1 && !questions.equals(answers)
                ? "--map " + ShellWord.of("user=" + questions.getFirst() + ",assistant=" + answers.getFirst())
                : "";
    }

    private static boolean speaksOf(String key, Set<String> words) {
        return Arrays.stream(key.toLowerCase(Locale.ROOT).split("[^a-z]+", -1))
                .anyMatch(word -> word.length() > 1 && words.contains(word));
    }

    /** Whether a row is of the format of its file; if not, the reason is in the trace. */
    static boolean check(Map<String, Object> row, SourceFormat format, Trace trace) {
        if (format == SourceFormat.QUESTION_ANSWER || format == SourceFormat.MAPPED
                || !evidence(format, row.keySet()).isEmpty()) {
            return true;
        }
        trace.error("unexpected_format", "", "the row is not of the format of the others (" + format.title()
                + "): its keys are " + names(row.keySet()), row);
        return false;
    }

    /** Keys for a sentence: {@code 'a', 'b', 'c'}. */
    static String names(Collection<String> keys) {
        return keys.isEmpty()
                ? "none"
                : keys.stream().limit(12).map(key -> "'" + key + "'").collect(Collectors.joining(", "))
                        + (keys.size() > 12 ? ", …" : "");
    }
}
