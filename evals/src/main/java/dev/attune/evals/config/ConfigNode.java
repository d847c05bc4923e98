package dev.attune.evals.config;

import dev.attune.evals.EditDistance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * A mapping that a person wrote. Each key is asked for once, with its default; a value of the wrong kind is noted as a
 * problem and read as the default, and {@link #done()} notes every key that nothing asked for. Not thread-safe.
 */
public final class ConfigNode {
    private final ConfigProblems problems;
    private final String pointer;
    private final JsonNode node;
    private final Set<String> asked = new LinkedHashSet<>();

    private ConfigNode(ConfigProblems problems, String pointer, JsonNode node) {
        this.problems = problems;
        this.pointer = pointer;
        this.node = node;
    }

    /** A node at a place; one that is missing has no keys, one that is no mapping is a problem. */
    public static ConfigNode of(ConfigProblems problems, String pointer, JsonNode node) {
        if (!node.isObject() && !node.isMissingNode() && !node.isNull()) {
            problems.add(pointer, "must be a mapping, not " + describe(node));
            return new ConfigNode(problems, pointer, MissingNode.getInstance());
        }
        return new ConfigNode(problems, pointer, node);
    }

    public String pointer() {
        return pointer;
    }

    public ConfigProblems problems() {
        return problems;
    }

    public boolean has(String key) {
        asked.add(key);
        return node.has(key) && !node.get(key).isNull();
    }

    /** The value as it stands; missing where it is not there. */
    public JsonNode get(String key) {
        return has(key) ? node.get(key) : MissingNode.getInstance();
    }

    public String pointer(String key) {
        return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
    }

    public ConfigNode section(String key) {
        return of(problems, pointer(key), get(key));
    }

    /** The mapping's own keys in order, for mappings whose keys are names; counts all of them as asked for. */
    public Map<String, JsonNode> entries() {
        var entries = new LinkedHashMap<String, JsonNode>();
        if (node.isObject()) {
            node.properties().forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
        }
        asked.addAll(entries.keySet());
        return entries;
    }

    public String required(String key) {
        if (!has(key)) {
            problem(key, "is missing");
            return "";
        }
        return text(key, "");
    }

    /** A text; a number is taken as it is written. */
    public String text(String key, String otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = node.get(key);
        if (value.isString() && !value.asString().isEmpty() || value.isNumber()) {
            return value.asString();
        }
        problem(key, value.isString() ? "must not be empty" : "must be text, not " + describe(value));
        return otherwise;
    }

    /** A list of texts, or one text alone. */
    public List<String> texts(String key, List<String> otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = node.get(key);
        if (value.isString() || value.isNumber()) {
            return List.of(value.asString());
        }
        var texts = new ArrayList<String>();
        for (JsonNode item : value.isArray() ? value : List.<JsonNode>of()) {
            if (item.isString() || item.isNumber()) {
                texts.add(item.asString());
            }
        }
        if (!value.isArray() || texts.size() != value.size() || texts.isEmpty()) {
            problem(key, "must be a list of texts, not " + describe(value));
            return otherwise;
        }
        return texts;
    }

    public double number(String key, double otherwise, double least, double most) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = node.get(key);
        if (value.isNumber() && value.doubleValue() >= least && value.doubleValue() <= most) {
            return value.doubleValue();
        }
        problem(key, "must be a number from " + written(least) + " to " + written(most) + ", not " + describe(value));
        return otherwise;
    }

    public long whole(String key, long otherwise, long least, long most) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = node.get(key);
        double number = value.isNumber() ? value.doubleValue() : Double.NaN;
        if (number == Math.rint(number) && number >= least && number <= most) {
            return (long) number;
        }
        problem(key, "must be a whole number from " + least + " to " + most + ", not " + describe(value));
        return otherwise;
    }

    public boolean flag(String key, boolean otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = node.get(key);
        if (!value.isBoolean()) {
            problem(key, "must be true or false, not " + describe(value));
            return otherwise;
        }
        return value.booleanValue();
    }

    public String choice(String key, List<String> known, String otherwise) {
        String value = text(key, otherwise);
        if (has(key) && !known.contains(value)) {
            problem(key,
                    "is \"" + value + "\", which is not one of " + String.join(", ", known) + suggestion(value, known));
            return otherwise;
        }
        return value;
    }

    public void problem(String key, String text) {
        problems.add(pointer(key), text);
    }

    /** Notes every key that nothing asked for, with the known one that it was most likely meant to be. */
    public void done() {
        if (node.isObject()) {
            node.properties().forEach(entry -> {
                String key = entry.getKey();
                if (!asked.contains(key)) {
                    String near = suggestion(key, asked);
                    problem(key, "unknown key \"" + key + "\""
                            + (near.isEmpty() ? "; known here are " + String.join(", ", asked) : near));
                }
            });
        }
    }

    /** {@code ; did you mean "x"?} or nothing. */
    public static String suggestion(String written, Iterable<String> known) {
        String best = "";
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            int distance = EditDistance.of(plain(written), plain(candidate));
            if (distance <= Math.max(1, Math.max(written.length(), candidate.length()) / 3) && distance < least) {
                best = candidate;
                least = distance;
            }
        }
        return best.isEmpty() ? "" : "; did you mean \"" + best + "\"?";
    }

    private static String plain(String word) {
        return word.toLowerCase(java.util.Locale.ROOT).replace('-', '_');
    }

    /** What a value is, in words for a message. */
    public static String describe(JsonNode value) {
        if (value.isObject()) {
            return "a mapping";
        }
        if (value.isArray()) {
            return "a list";
        }
        if (value.isString()) {
            String text = value.asString();
            return "the text \"" + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + "\"";
        }
        return value.isNull() || value.isMissingNode()
                ? "empty"
                : value.isNumber() ? "the number " + value : value.toString();
    }

    private static String written(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }
}
