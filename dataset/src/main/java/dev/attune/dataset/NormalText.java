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
        String composed = Normalizer.isNormalized(text, Normalizer.Form.NFC)
                ? text
                : Normalizer.normalize(text, Normalizer.Form.NFC);
        String lower = composed.toLowerCase(Locale.ROOT);
        var spaced = new StringBuilder(lower.length());
        boolean gap = false;
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            if (isSpace(c)) {
                gap = true;
            } else {
                if (gap) {
                    spaced.append(' ');
                    gap = false;
                }
                spaced.append(c);
            }
        }
        return spaced.toString().strip();
    }

    private static boolean isSpace(char c) {
        if (c < 128) {
            return c == ' ' || (c >= '\t' && c <= '\r');
        }
        int type = Character.getType(c);
        return type == Character.SPACE_SEPARATOR || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
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
