package dev.attune.dataset;

import dev.attune.text.Message;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Texts as they are compared: Unicode NFC, lower case, runs of white space as one space. Punctuation stays, for {@code 1+2}
 * is not {@code 1-2}. JSON is compared by value: the order of keys and the spaces between them do not count.
 */
final class NormalText {
    private NormalText() {}

    static String of(String text) {
        int traits = CharacterTraits.of(text);
        if ((traits & (CharacterTraits.COMPOSES | CharacterTraits.ODD_CASE)) != 0) {
            return spaced(Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT));
        }
        return spaced(text);
    }

    /** With each character in lower case that has one on its own, and white space as single spaces. */
    private static String spaced(String text) {
        char[] spaced = new char[text.length()];
        int size = 0;
        boolean gap = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((CharacterTraits.of(c) & CharacterTraits.SPACE) != 0) {
                gap = true;
            } else {
                if (gap && size > 0) {
                    spaced[size++] = ' ';
                }
                gap = false;
                spaced[size++] = c < 128 ? c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c : Character.toLowerCase(c);
            }
        }
        return new String(spaced, 0, size).strip();
    }

    /** All that the model is given, roles included: two rows with the same ask the same. */
    static String inputKey(Row row) {
        return row.input().stream().map(message -> message.role() + ":" + of(message.content()))
                .collect(Collectors.joining("\n"));
    }

    static String outputKey(Row row) {
        return answer(row.output());
    }

    /** An answer as it is compared. */
    static String answer(String output) {
        String text = output.strip();
        if (text.startsWith("{") || text.startsWith("[")) {
            var parsed = StrictJson.parse(text);
            if (parsed.readable()) {
                return of(JsonText.of(sorted(parsed.value())));
            }
        }
        return of(text);
    }

    /** What was said before the answer, without the instructions above it, which many rows share. */
    static String question(Row row) {
        return said(row).stream().map(message -> of(message.content())).collect(Collectors.joining("\n"));
    }

    /** The messages before the answer without the instructions, unless there is nothing but instructions. */
    static List<Message> said(Row row) {
        List<Message> said = row.input().stream()
                .filter(message -> !(message instanceof Message.System) && !(message instanceof Message.Developer))
                .toList();
        return said.isEmpty() ? row.input() : said;
    }

    /** Question and answer together. */
    static String whole(Row row) {
        return whole(question(row), outputKey(row));
    }

    static String whole(String question, String answer) {
        return question + "\n" + answer;
    }

    /** A JSON value with the keys of its objects in order. */
    static @Nullable Object sorted(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            var sorted = new TreeMap<String, @Nullable Object>();
            map.forEach((key, inner) -> sorted.put(String.valueOf(key), sorted(inner)));
            return sorted;
        }
        if (value instanceof List<?> list) {
            var inner = new ArrayList<@Nullable Object>();
            list.forEach(element -> inner.add(sorted(element)));
            return inner;
        }
        return value;
    }
}
