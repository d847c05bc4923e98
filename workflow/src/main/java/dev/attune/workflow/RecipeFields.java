package dev.attune.workflow;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys of one section of a recipe. A value of the wrong kind is noted as a problem and read as its default, so that
 * one pass finds everything.
 */
final class RecipeFields {
    private final RecipeProblems problems;
    private final String pointer;
    private final int line;
    private final boolean absent;
    private final Map<String, YamlNode.Entry> entries;

    private RecipeFields(RecipeProblems problems, String pointer, int line, boolean absent,
            Map<String, YamlNode.Entry> entries) {
        this.problems = problems;
        this.pointer = pointer;
        this.line = line;
        this.absent = absent;
        this.entries = entries;
    }

    /** The fields of a node; a key outside the known ones is a problem that names the nearest known one. */
    static RecipeFields of(RecipeProblems problems, String pointer, YamlNode node, List<String> known) {
        return of(problems, pointer, node.line(), node, known);
    }

    private static RecipeFields of(RecipeProblems problems, String pointer, int line, YamlNode node,
            List<String> known) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            problems.add(line, pointer.isEmpty() ? "/" : pointer,
                    "must be a mapping with the keys " + String.join(", ", known)
                            + ", not " + node.describe());
            return new RecipeFields(problems, pointer, line, true, Map.of());
        }
        var kept = new LinkedHashMap<String, YamlNode.Entry>();
        mapping.entries().forEach((key, entry) -> {
            if (known.contains(key)) {
                kept.put(key, entry);
            } else {
                problems.add(entry.keyLine(), pointer + "/" + escaped(key), "unknown key \"" + key + "\"; "
                        + Nearest.of(key, known).map(near -> "did you mean \"" + near + "\"?")
                                .orElse("known here are " + String.join(", ", known)));
            }
        });
        return new RecipeFields(problems, pointer, line, false, kept);
    }

    /** The value under a key as it stands, with its line; an empty one where there is none. */
    YamlNode node(String key) {
        YamlNode.Entry entry = entries.get(key);
        return entry == null ? new YamlNode.Nothing(line) : entry.value();
    }

    /** Whether a value stands under a key. */
    boolean has(String key) {
        return entries.containsKey(key);
    }

    /** Whether the section itself is missing or of the wrong kind. */
    boolean isAbsent() {
        return absent;
    }

    void requireKey(String key) {
        if (!absent && !entries.containsKey(key)) {
            problems.add(line, pointer + "/" + key, "is missing; a recipe needs it");
        }
    }

    /** A section below this one; a missing one has no entries. */
    RecipeFields section(String key, List<String> known) {
        YamlNode.Entry entry = entries.get(key);
        return entry == null
                ? new RecipeFields(problems, pointer + "/" + key, line, true, Map.of())
                : of(problems, pointer + "/" + key, entry.keyLine(), entry.value(), known);
    }

    /** A text that must be there; the empty string where it is not. */
    String required(String key) {
        requireKey(key);
        return text(key, "");
    }

    String text(String key, String otherwise) {
        YamlNode.Entry entry = entries.get(key);
        if (entry == null) {
            return otherwise;
        }
        if (entry.value() instanceof YamlNode.Text text) {
            if (!text.value().isBlank()) {
                return text.value();
            }
            problem(key, entry, "must not be empty");
        } else if (entry.value() instanceof YamlNode.Number || entry.value() instanceof YamlNode.Flag) {
            problem(key, entry, "must be text, not " + entry.value().describe() + "; put it in quotes");
        } else {
            problem(key, entry, "must be text, not " + entry.value().describe());
        }
        return otherwise;
    }

    String choice(String key, List<String> known, String otherwise) {
        String value = text(key, otherwise);
        YamlNode.Entry entry = entries.get(key);
        if (entry != null && !known.contains(value)) {
            problem(key, entry, notAmong(value, known));
            return otherwise;
        }
        return value;
    }

    List<String> choices(String key, List<String> known, List<String> otherwise) {
        YamlNode.Entry entry = entries.get(key);
        if (entry == null) {
            return otherwise;
        }
        if (!(entry.value() instanceof YamlNode.Sequence sequence) || sequence.items().isEmpty()) {
            problem(key, entry, "must be a list of at least one of " + String.join(", ", known) + ", not "
                    + entry.value().describe());
            return otherwise;
        }
        var chosen = new ArrayList<String>();
        for (int i = 0; i < sequence.items().size(); i++) {
            YamlNode item = sequence.items().get(i);
            String itemPointer = pointer + "/" + key + "/" + i;
            if (!(item instanceof YamlNode.Text text)) {
                problems.add(item.line(), itemPointer,
                        "must be one of " + String.join(", ", known) + ", not " + item.describe());
            } else if (!known.contains(text.value())) {
                problems.add(item.line(), itemPointer, notAmong(text.value(), known));
            } else if (chosen.contains(text.value())) {
                problems.add(item.line(), itemPointer, "names \"" + text.value() + "\" a second time");
            } else {
                chosen.add(text.value());
            }
        }
        return chosen;
    }

    boolean flag(String key, boolean otherwise) {
        YamlNode.Entry entry = entries.get(key);
        if (entry == null) {
            return otherwise;
        }
        if (entry.value() instanceof YamlNode.Flag flag) {
            return flag.value();
        }
        problem(key, entry, "must be true or false, not " + entry.value().describe());
        return otherwise;
    }

    /** A text, or a list of texts as a {@link List}. */
    Object textOrTexts(String key) {
        YamlNode.Entry entry = entries.get(key);
        if (entry == null || !(entry.value() instanceof YamlNode.Sequence sequence)) {
            return text(key, "");
        }
        var texts = new ArrayList<String>();
        for (YamlNode item : sequence.items()) {
            if (item instanceof YamlNode.Text text && !text.value().isBlank()) {
                texts.add(text.value());
            } else {
                problems.add(item.line(), pointer + "/" + key + "/" + texts.size(),
                        "must be text, not " + item.describe());
                return texts;
            }
        }
        if (texts.isEmpty()) {
            problem(key, entry, "must not be empty");
        }
        return texts;
    }

    double number(String key, double otherwise, double least, double most) {
        YamlNode.Entry entry = entries.get(key);
        if (entry == null) {
            return otherwise;
        }
        if (entry.value() instanceof YamlNode.Number number && number.value() >= least && number.value() <= most) {
            return number.value();
        }
        problem(key, entry, "must be a number from " + written(least) + " to " + written(most) + ", not "
                + entry.value().describe());
        return otherwise;
    }

    long whole(String key, long otherwise, long least, long most) {
        YamlNode.Entry entry = entries.get(key);
        if (entry == null) {
            return otherwise;
        }
        if (entry.value() instanceof YamlNode.Number number && isWhole(number, least, most)) {
            return (long) number.value();
        }
        problem(key, entry,
                "must be a whole number from " + least + " to " + most + ", not " + entry.value().describe());
        return otherwise;
    }

    long wholeOrAuto(String key, long least, long most) {
        YamlNode.Entry entry = entries.get(key);
        if (entry == null || isAuto(entry)) {
            return JobRequest.AUTO;
        }
        if (entry.value() instanceof YamlNode.Number number && isWhole(number, least, most)) {
            return (long) number.value();
        }
        problem(key, entry,
                "must be auto or a whole number from " + least + " to " + most + ", not " + entry.value().describe());
        return JobRequest.AUTO;
    }

    double numberOrAuto(String key, double least, double most) {
        YamlNode.Entry entry = entries.get(key);
        if (entry == null || isAuto(entry)) {
            return JobRequest.AUTO;
        }
        if (entry.value() instanceof YamlNode.Number number && number.value() >= least && number.value() <= most) {
            return number.value();
        }
        problem(key, entry, "must be auto or a number from " + written(least) + " to " + written(most) + ", not "
                + entry.value().describe());
        return JobRequest.AUTO;
    }

    /** Notes a problem with a key that is there; says nothing about one that is not. */
    void check(String key, boolean good, String rule) {
        YamlNode.Entry entry = entries.get(key);
        if (entry != null && !good) {
            problem(key, entry, rule);
        }
    }

    private void problem(String key, YamlNode.Entry entry, String text) {
        problems.add(entry.keyLine(), pointer + "/" + key, text);
    }

    private static boolean isAuto(YamlNode.Entry entry) {
        return entry.value() instanceof YamlNode.Text text && text.value().equals("auto");
    }

    private static boolean isWhole(YamlNode.Number number, long least, long most) {
        return number.value() == Math.rint(number.value()) && number.value() >= least && number.value() <= most;
    }

    private static String notAmong(String value, List<String> known) {
        return "\"" + value + "\" is not one of " + String.join(", ", known)
                + Nearest.of(value, known).map(near -> "; did you mean \"" + near + "\"?").orElse("");
    }

    private static String written(double value) {
        return value == Math.rint(value)
                ? String.valueOf((long) value)
                : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    /** A key as a JSON pointer writes it (RFC 6901). */
    private static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }
}
