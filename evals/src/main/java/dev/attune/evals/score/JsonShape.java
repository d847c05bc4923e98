package dev.attune.evals.score;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/**
 * The part of JSON Schema (draft 2020-12) that answers are checked by: types, enumerations, objects, arrays, bounds,
 * patterns, and the combinations {@code allOf}, {@code anyOf}, {@code oneOf}, {@code not}, with {@code $ref} into the same
 * schema. A keyword outside this part is refused when the schema is read and never passed over. Immutable.
 */
public final class JsonShape {
    private static final Set<String> NOTES = Set.of("$schema", "$id", "$defs", "definitions", "title", "description",
            "default", "examples", "$comment", "format");
    private static final Set<String> RULES = Set.of("type", "enum", "const", "properties", "required",
            "additionalProperties", "items", "minItems", "maxItems", "uniqueItems", "minLength", "maxLength", "pattern",
            "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minProperties",
            "maxProperties",
            "allOf", "anyOf", "oneOf", "not", "$ref");
    private static final int MOST_VIOLATIONS = 5;
    private static final int DEEPEST = 64;

    private final JsonNode root;

    private JsonShape(JsonNode root) {
        this.root = root;
    }

    /** @throws IllegalArgumentException for a keyword that is not known here, or a broken pattern */
    public static JsonShape of(JsonNode schema) {
        check("", schema, 0);
        return new JsonShape(schema);
    }

    private static void check(String at, JsonNode schema, int depth) {
        if (schema.isBoolean()) {
            return;
        }
        if (!schema.isObject() || depth > DEEPEST) {
            throw new IllegalArgumentException("The schema at " + (at.isEmpty() ? "/" : at) + " is not an object.");
        }
        schema.properties().forEach(entry -> {
            String key = entry.getKey();
            JsonNode value = entry.getValue();
            if (!RULES.contains(key) && !NOTES.contains(key)) {
                throw new IllegalArgumentException("The schema uses " + at + "/" + key
                        + ", which is not checked here; take it out or check that part with a process scorer.");
            }
            switch (key) {
                case "properties", "$defs", "definitions" ->
                    value.properties().forEach(p -> check(at + "/" + key + "/" + p.getKey(), p.getValue(), depth + 1));
                case "items", "not", "additionalProperties" -> check(at + "/" + key, value, depth + 1);
                case "allOf", "anyOf", "oneOf" -> value.forEach(part -> check(at + "/" + key, part, depth + 1));
                case "pattern" -> pattern(at, value.asString());
                default -> {
                }
            }
        });
    }

    private static void pattern(String at, String pattern) {
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "The pattern at " + at + "/pattern is broken: " + e.getDescription() + ".", e);
        }
    }

    /** What is wrong with a value, each with its JSON pointer; at most five. */
    public List<String> violations(JsonNode value) {
        var wrong = new ArrayList<String>();
        check("", value, root, wrong, 0);
        return wrong.size() > MOST_VIOLATIONS ? List.copyOf(wrong.subList(0, MOST_VIOLATIONS)) : wrong;
    }

    private boolean fits(String at, JsonNode value, JsonNode schema, int depth) {
        var wrong = new ArrayList<String>();
        check(at, value, schema, wrong, depth);
        return wrong.isEmpty();
    }

    private void check(String at, JsonNode value, JsonNode schema, List<String> wrong, int depth) {
        String place = at.isEmpty() ? "/" : at;
        if (schema.isBoolean() || depth > DEEPEST) {
            require(wrong, schema.isBoolean() && schema.booleanValue(), place + " must not be there");
            return;
        }
        schema.properties().forEach(entry -> {
            JsonNode rule = entry.getValue();
            switch (entry.getKey()) {
                case "$ref" -> check(at, value, resolve(rule.asString()), wrong, depth + 1);
                case "type" -> require(wrong, isType(value, rule), place + " must be " + types(rule));
                case "enum" -> require(wrong, contains(rule, value), place + " must be one of " + rule);
                case "const" -> require(wrong, same(rule, value), place + " must be " + rule);
                case "allOf" -> rule.forEach(part -> check(at, value, part, wrong, depth + 1));
                case "anyOf" ->
                    require(wrong, count(at, value, rule, depth) > 0, place + " fits none of the alternatives");
                case "oneOf" ->
                    require(wrong, count(at, value, rule, depth) == 1, place + " must fit exactly one alternative");
                case "not" ->
                    require(wrong, !fits(at, value, rule, depth + 1), place + " is of a shape that it must not have");
                default -> {
                    if (value.isObject()) {
                        object(at, place, value, schema, entry.getKey(), wrong, depth);
                    } else if (value.isArray()) {
                        array(at, place, value, rule, entry.getKey(), wrong, depth);
                    } else if (value.isString()) {
                        text(place, value.asString(), rule, entry.getKey(), wrong);
                    } else if (value.isNumber()) {
                        number(place, value.decimalValue(), rule, entry.getKey(), wrong);
                    }
                }
            }
        });
    }

    private void object(String at, String place, JsonNode value, JsonNode schema, String key, List<String> wrong,
            int depth) {
        JsonNode rule = schema.get(key);
        switch (key) {
            case "properties" -> rule.properties().forEach(p -> {
                if (value.has(p.getKey())) {
                    check(at + "/" + p.getKey(), value.get(p.getKey()), p.getValue(), wrong, depth + 1);
                }
            });
            case "required" -> rule.forEach(name -> require(wrong, value.has(name.asString()),
                    at + "/" + name.asString() + " is missing"));
            case "additionalProperties" -> value.properties().forEach(p -> {
                if (!schema.path("properties").has(p.getKey())) {
                    check(at + "/" + p.getKey(), p.getValue(), rule, wrong, depth + 1);
                }
            });
            case "minProperties" -> require(wrong, value.size() >= rule.asInt(), place + " has too few keys");
            case "maxProperties" -> require(wrong, value.size() <= rule.asInt(), place + " has too many keys");
            default -> {
            }
        }
    }

    private void array(String at, String place, JsonNode value, JsonNode rule, String key, List<String> wrong,
            int depth) {
        switch (key) {
            case "items" -> {
                for (int i = 0; i < value.size(); i++) {
                    check(at + "/" + i, value.get(i), rule, wrong, depth + 1);
                }
            }
            case "minItems" ->
                require(wrong, value.size() >= rule.asInt(), place + " has fewer than " + rule + " items");
            case "maxItems" ->
                require(wrong, value.size() <= rule.asInt(), place + " has more than " + rule + " items");
            case "uniqueItems" -> {
                for (int i = 1; rule.asBoolean() && i < value.size(); i++) {
                    for (int j = 0; j < i; j++) {
                        require(wrong, !same(value.get(i), value.get(j)), place + " holds the same item twice");
                    }
                }
            }
            default -> {
            }
        }
    }

    private static void text(String place, String value, JsonNode rule, String key, List<String> wrong) {
        int length = value.codePointCount(0, value.length());
        switch (key) {
            case "minLength" -> require(wrong, length >= rule.asInt(), place + " is shorter than " + rule);
            case "maxLength" -> require(wrong, length <= rule.asInt(), place + " is longer than " + rule);
            case "pattern" -> require(wrong, Pattern.compile(rule.asString()).matcher(new Patience(value)).find(),
                    place + " does not match " + rule);
            default -> {
            }
        }
    }

    private static void number(String place, BigDecimal value, JsonNode rule, String key, List<String> wrong) {
        if (!rule.isNumber()) {
            return;
        }
        int sign = value.compareTo(rule.decimalValue());
        switch (key) {
            case "minimum" -> require(wrong, sign >= 0, place + " is below " + rule);
            case "maximum" -> require(wrong, sign <= 0, place + " is above " + rule);
            case "exclusiveMinimum" -> require(wrong, sign > 0, place + " is not above " + rule);
            case "exclusiveMaximum" -> require(wrong, sign < 0, place + " is not below " + rule);
            case "multipleOf" -> require(wrong,
                    Math.abs(value.doubleValue() / rule.doubleValue()
                            - Math.rint(value.doubleValue() / rule.doubleValue())) < 1e-9,
                    place + " is no multiple of " + rule);
            default -> {
            }
        }
    }

    private int count(String at, JsonNode value, JsonNode alternatives, int depth) {
        int fitting = 0;
        for (JsonNode alternative : alternatives) {
            fitting += fits(at, value, alternative, depth + 1) ? 1 : 0;
        }
        return fitting;
    }

    private JsonNode resolve(String reference) {
        JsonNode found = reference.equals("#")
                ? root
                : reference.startsWith("#/") ? root.at(reference.substring(1)) : root.path("");
        if (found.isMissingNode()) {
            throw new UnscorableException("the schema refers to " + reference + ", which it does not hold");
        }
        return found;
    }

    private static boolean isType(JsonNode value, JsonNode rule) {
        if (rule.isArray()) {
            for (JsonNode one : rule) {
                if (isType(value, one)) {
                    return true;
                }
            }
            return false;
        }
        return switch (rule.asString()) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            case "number" -> value.isNumber();
            case "integer" -> value.isNumber() && isWhole(value.decimalValue());
            default -> false;
        };
    }

    private static boolean isWhole(BigDecimal value) {
        return value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
    }

    private static String types(JsonNode rule) {
        var names = new ArrayList<String>();
        rule.forEach(one -> names.add(one.asString()));
        return names.isEmpty() ? "of type " + rule.asString() : "of type " + String.join(" or ", names);
    }

    private static boolean contains(JsonNode list, JsonNode value) {
        for (JsonNode item : list) {
            if (same(item, value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(JsonNode a, JsonNode b) {
        return a.isNumber() && b.isNumber() ? a.decimalValue().compareTo(b.decimalValue()) == 0 : a.equals(b);
    }

    private static void require(List<String> wrong, boolean good, String problem) {
        if (!good && wrong.size() <= MOST_VIOLATIONS) {
            wrong.add(problem);
        }
    }
}
