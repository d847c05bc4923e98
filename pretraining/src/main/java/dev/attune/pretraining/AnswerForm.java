package dev.attune.pretraining;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The form of an answer with several fields: JSON in several shapes, lines, a row, a sentence.
 *
 * @param keys the fields' names as the answer writes them
 */
record AnswerForm(Style style, List<String> keys, String separator) {

    /** The kinds of forms. */
    enum Style {
        JSON, JSON_SPACED, JSON_NESTED, LINES, EQUALS, ROW, VALUES, ARRAY, BRACKETS
    }

    /** A value to write. */
    record Entry(String text, boolean bare) {}

    static AnswerForm of(List<String> names, Dice dice) {
        Style style = Style.values()[dice.weighted(new double[]{42, 12, 4, 11, 6, 11, 4, 5, 5})];
        int casing = dice.weighted(new double[]{70, 10, 8, 6, 6});
        var keys = names.stream().map(name -> cased(name, casing)).toList();
        String separator = switch (style) {
            case LINES -> dice.of(": ", ": ", " = ", " - ");
            case EQUALS -> dice.of(" ", ", ", ";", "; ");
            case ROW, VALUES -> dice.of("|", " | ", ",", ", ", ";", " / ", " - ");
            default -> "";
        };
        return new AnswerForm(style, keys, separator);
    }

    private static String cased(String name, int casing) {
        return switch (casing) {
            case 1 -> camel(name);
            case 2 -> Invented.capital(name.replace('_', ' '));
            case 3 -> name.toUpperCase(Locale.ROOT);
            case 4 -> name.replace('_', '-');
            default -> name;
        };
    }

    private static String camel(String name) {
        var parts = name.split("_", -1);
        var out = new StringBuilder(parts[0]);
        for (int i = 1; i < parts.length; i++) {
            out.append(Invented.capital(parts[i]));
        }
        return out.toString();
    }

    String write(List<Entry> values) {
        var parts = new ArrayList<String>();
        for (int i = 0; i < values.size(); i++) {
            String key = keys.get(i);
            Entry value = values.get(i);
            parts.add(switch (style) {
                case JSON, JSON_NESTED -> "\"" + key + "\":" + json(value);
                case JSON_SPACED -> "\"" + key + "\": " + json(value);
                case LINES -> key + separator + value.text();
                case EQUALS -> key + "=" + value.text();
                case ROW, VALUES -> value.text();
                case ARRAY -> json(value);
                case BRACKETS -> "[" + value.text() + "]";
            });
        }
        return switch (style) {
            case JSON -> "{" + String.join(",", parts) + "}";
            case JSON_SPACED -> "{" + String.join(", ", parts) + "}";
            case JSON_NESTED -> parts.size() < 2
                    ? "{" + parts.getFirst() + "}"
                    : "{" + parts.getFirst() + ",\"data\":{" + String.join(",", parts.subList(1, parts.size())) + "}}";
            case LINES -> String.join("\n", parts);
            case EQUALS, ROW, VALUES -> String.join(separator, parts);
            case ARRAY -> "[" + String.join(",", parts) + "]";
            case BRACKETS -> String.join(" ", parts);
        };
    }

    static String json(Entry value) {
        return value.bare()
                ? value.text()
                : "\"" + value.text().replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    /** What an instruction says about the form, naming the keys. */
    String described(Dice dice) {
        String list = String.join(", ", keys);
        return switch (style) {
            case JSON_NESTED -> skeleton();
            case JSON, JSON_SPACED ->
                dice.of("JSON with " + list, "as JSON: " + list, "a JSON object with keys " + list, skeleton(),
                        "one line of JSON with "
                                + keys.stream().map(key -> "\"" + key + "\"").collect(Collectors.joining(", ")),
                        "JSON (" + list + ")");
            case LINES -> dice.of("lines: " + list, "one line for each: " + list,
                    keys.stream().map(key -> key + separator + "...").collect(Collectors.joining("\n")));
            case EQUALS -> keys.stream().map(key -> key + "=...").collect(Collectors.joining(separator));
            case ROW, VALUES -> dice.of(String.join(separator, keys),
                    list + " separated by \"" + separator + "\"",
                    keys.stream().map(key -> "<" + key + ">").collect(Collectors.joining(separator)));
            case ARRAY -> dice.of("a JSON array of " + list, "[" + list + "]");
            case BRACKETS -> keys.stream().map(key -> "[" + key + "]").collect(Collectors.joining(" "));
        };
    }

    private String skeleton() {
        return write(keys.stream().map(key -> new Entry("...", false)).toList());
    }
}
