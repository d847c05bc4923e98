package dev.attune.dataset.format;

import dev.attune.dataset.DatasetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which columns of a table, or keys of a JSON row, hold which part of an example. Written
 * {@code user=question,assistant=answer}; several columns for one part are joined with an empty line:
 * {@code user=context+question}. A backslash before a comma, plus, equals sign or backslash makes it part of the name.
 * Immutable.
 *
 * @param columns the columns of each part, in the order in which they are joined; in a table without header
 *            {@code 1}, {@code 2}, …
 */
public record ColumnMapping(Map<Part, List<String>> columns) {
    private static final ColumnMapping NONE = new ColumnMapping(Map.of());

    /** A part of an example that a column can hold. */
    public enum Part {
        SYSTEM, USER, ASSISTANT, PREFERRED, NON_PREFERRED;

        /** As it is written: {@code non_preferred}. */
        public String optionName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public ColumnMapping {
        var copy = new EnumMap<Part, List<String>>(Part.class);
        columns.forEach((part, names) -> copy.put(part, List.copyOf(names)));
        columns = Collections.unmodifiableMap(copy);
    }

    /** No column is named. */
    public static ColumnMapping none() {
        return NONE;
    }

    /** Reads {@code user=question,assistant=answer}; throws {@link DatasetException} with the reason where it cannot. */
    public static ColumnMapping parse(String text) {
        var columns = new EnumMap<Part, List<String>>(Part.class);
        for (String pair : cut(text, ',')) {
            List<String> sides = cut(pair, '=');
            if (sides.size() != 2 || sides.getLast().isBlank()) {
                throw new DatasetException("--map needs PART=COLUMN,…, for example user=question,assistant=answer; '"
                        + pair + "' is not of this form");
            }
            Part part = part(sides.getFirst().strip());
            List<String> names = cut(sides.getLast(), '+').stream().map(String::strip).map(ColumnMapping::plain)
                    .toList();
            if (columns.put(part, names) != null) {
                throw new DatasetException("--map names '" + part.optionName()
                        + "' twice; join several columns with a plus: " + part.optionName() + "=a+b");
            }
        }
        var mapping = new ColumnMapping(columns);
        mapping.requireWhole();
        return mapping;
    }

    private void requireWhole() {
        boolean pair = columns.containsKey(Part.PREFERRED) || columns.containsKey(Part.NON_PREFERRED);
        if (pair && columns.containsKey(Part.ASSISTANT)) {
            throw new DatasetException("--map names both 'assistant' and a preference; a row has one answer or two");
        }
        Set<Part> needed = pair ? Set.of(Part.USER, Part.PREFERRED, Part.NON_PREFERRED) : Set.of(Part.ASSISTANT);
        for (Part part : Part.values()) {
            if (needed.contains(part) && !columns.containsKey(part)) {
                throw new DatasetException("--map does not say which column is '" + part.optionName() + "'; add "
                        + part.optionName() + "=COLUMN");
            }
        }
    }

    private static Part part(String name) {
        return Arrays.stream(Part.values())
                .filter(part -> part.optionName().equals(name))
                .findFirst()
                .orElseThrow(() -> new DatasetException("--map does not know the part '" + name + "'; parts are "
                        + Arrays.stream(Part.values()).map(Part::optionName).collect(Collectors.joining(", "))));
    }

    /** Cuts at a separator that no backslash stands before. */
    private static List<String> cut(String text, char separator) {
        var pieces = new ArrayList<String>();
        var piece = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                piece.append(c).append(text.charAt(++i));
            } else if (c == separator) {
                pieces.add(piece.toString());
                piece.setLength(0);
            } else {
                piece.append(c);
            }
        }
        pieces.add(piece.toString());
        return pieces;
    }

    private static String plain(String name) {
        return name.replaceAll("\\\\(.)", "$1");
    }

    /** The columns that hold a part; none where the mapping does not name it. */
    public List<String> of(Part part) {
        return columns.getOrDefault(part, List.of());
    }

    /** Whether no column is named. */
    public boolean isEmpty() {
        return columns.isEmpty();
    }

    /** As it is written after {@code --map}. */
    @Override
    public String toString() {
        return columns.entrySet()
                .stream()
                .map(entry -> entry.getKey().optionName() + "=" + entry.getValue()
                        .stream()
                        .map(name -> name.replaceAll("[\\\\,+=]", "\\\\$0"))
                        .collect(Collectors.joining("+")))
                .collect(Collectors.joining(","));
    }
}
