package dev.attune.dataset;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Whether the arguments of a call are what the tool's {@code parameters} ask for, by the part of JSON Schema 2020-12 that tools
 * use: types, enumerations, required and further properties, items, lengths, bounds, patterns, combinations and references
 * inside the schema. A keyword that is not among these is not judged. Values are what {@link StrictJson} makes of JSON.
 */
final class ArgumentSchema {
    private static final int MAXIMUM_DEPTH = 64;
    private static final int LONGEST_MATCHED = 1000;

    /** @param pointer into the arguments */
    record Mismatch(String pointer, String message) {}

    private final Map<?, ?> root;

    private ArgumentSchema(Map<?, ?> root) {
        this.root = root;
    }

    /** The first place where the arguments are not what the schema asks for. */
    static Optional<Mismatch> check(Map<?, ?> parameters, @Nullable Object arguments) {
        return Optional.ofNullable(new ArgumentSchema(parameters).mismatch(parameters, arguments, "", 0));
    }

    private @Nullable Mismatch mismatch(@Nullable Object schema, @Nullable Object value, String at, int depth) {
        if (Boolean.FALSE.equals(schema)) {
            return new Mismatch(at, "is not expected");
        }
        if (!(schema instanceof Map<?, ?> rules) || depth > MAXIMUM_DEPTH
                || value == null && Boolean.TRUE.equals(rules.get("nullable"))) {
            return null;
        }
        Mismatch found = rules.get("$ref") instanceof String reference
                ? mismatch(resolve(reference), value, at, depth + 1)
                : null;
        found = found == null ? typed(rules, value, at) : found;
        found = found == null ? combined(rules, value, at, depth) : found;
        if (found != null) {
            return found;
        }
        return switch (value) {
            case Map<?, ?> object -> object(rules, object, at, depth);
            case List<?> list -> list(rules, list, at, depth);
            case String text -> text(rules, text, at);
            case Number number -> number(rules, decimal(number), at);
            case null, default -> null;
        };
    }

    private @Nullable Object resolve(String reference) {
        Object here = reference.startsWith("#") ? root : null;
        for (String step : reference.substring(Math.min(1, reference.length())).split("/")) {
            if (!step.isEmpty()) {
                here = here instanceof Map<?, ?> map ? map.get(step.replace("~1", "/").replace("~0", "~")) : null;
            }
        }
        return here;
    }

    private static @Nullable Mismatch typed(Map<?, ?> rules, @Nullable Object value, String at) {
        Object type = rules.get("type");
        List<?> types = type instanceof List<?> list ? list : type == null ? List.of() : List.of(type);
        if (!types.isEmpty() && types.stream().noneMatch(name -> is(String.valueOf(name), value))) {
            return new Mismatch(at, "must be of the type " + String.join(" or ", types.stream().map(String::valueOf)
                    .toList()) + ", not " + excerpt(value));
        }
        if (rules.get("enum") instanceof List<?> allowed && allowed.stream().noneMatch(one -> same(one, value))) {
            return new Mismatch(at, "must be one of " + excerpt(allowed) + ", not " + excerpt(value));
        }
        return rules.containsKey("const") && !same(rules.get("const"), value)
                ? new Mismatch(at, "must be " + excerpt(rules.get("const")) + ", not " + excerpt(value))
                : null;
    }

    private static boolean is(String type, @Nullable Object value) {
        return switch (type) {
            case "object" -> value instanceof Map;
            case "array" -> value instanceof List;
            case "string" -> value instanceof String;
            case "number" -> value instanceof Number;
            case "integer" -> value instanceof Number number && decimal(number).stripTrailingZeros().scale() <= 0;
            case "boolean" -> value instanceof Boolean;
            case "null" -> value == null;
            default -> true;
        };
    }

    private static boolean same(@Nullable Object a, @Nullable Object b) {
        return a instanceof Number x && b instanceof Number y
                ? decimal(x).compareTo(decimal(y)) == 0
                : a == null ? b == null : a.equals(b);
    }

    private @Nullable Mismatch combined(Map<?, ?> rules, @Nullable Object value, String at, int depth) {
        if (rules.get("allOf") instanceof List<?> all) {
            for (Object schema : all) {
                Mismatch found = mismatch(schema, value, at, depth + 1);
                if (found != null) {
                    return found;
                }
            }
        }
        for (String key : List.of("anyOf", "oneOf")) {
            if (rules.get(key) instanceof List<?> choices) {
                long fitting = choices.stream().filter(one -> mismatch(one, value, at, depth + 1) == null).count();
                if (fitting == 0 || fitting > 1 && key.equals("oneOf")) {
                    return new Mismatch(at, fitting == 0
                            ? "fits none of the " + choices.size() + " forms that the tool takes"
                            : "fits several forms of which the tool takes exactly one");
                }
            }
        }
        return null;
    }

    private @Nullable Mismatch object(Map<?, ?> rules, Map<?, ?> object, String at, int depth) {
        if (rules.get("required") instanceof List<?> required) {
            for (Object key : required) {
                if (!object.containsKey(key)) {
                    return new Mismatch(at, "lacks '" + key + "'");
                }
            }
        }
        Map<?, ?> properties = rules.get("properties") instanceof Map<?, ?> map ? map : Map.of();
        for (Map.Entry<?, ?> entry : object.entrySet()) {
            String here = ConversationReader.pointer(at, String.valueOf(entry.getKey()));
            boolean known = properties.containsKey(entry.getKey());
            Object schema = known ? properties.get(entry.getKey()) : rules.get("additionalProperties");
            if (!known && Boolean.FALSE.equals(schema) && !rules.containsKey("patternProperties")) {
                return new Mismatch(here, "is not a parameter of the tool");
            }
            Mismatch found = mismatch(schema, entry.getValue(), here, depth + 1);
            if (found != null && (known || !rules.containsKey("patternProperties"))) {
                return found;
            }
        }
        return null;
    }

    private @Nullable Mismatch list(Map<?, ?> rules, List<?> list, String at, int depth) {
        Mismatch found = within(rules, "minItems", "maxItems", BigDecimal.valueOf(list.size()), at, "has", "items");
        int fixed = rules.get("prefixItems") instanceof List<?> prefix ? prefix.size() : 0;
        for (int i = fixed; i < list.size() && found == null; i++) {
            found = mismatch(rules.get("items"), list.get(i), at + "/" + i, depth + 1);
        }
        return found;
    }

    private static @Nullable Mismatch text(Map<?, ?> rules, String text, String at) {
        Mismatch found = within(rules, "minLength", "maxLength",
                BigDecimal.valueOf(text.codePointCount(0, text.length())), at, "has", "characters");
        if (found != null || !(rules.get("pattern") instanceof String pattern) || text.length() > LONGEST_MATCHED) {
            return found;
        }
        try {
            return Pattern.compile(pattern).matcher(text).find()
                    ? null
                    : new Mismatch(at, "must match the pattern " + pattern + ", and does not: " + excerpt(text));
        } catch (PatternSyntaxException e) {
            return null; // ECMAScript knows expressions that Java does not
        }
    }

    private static @Nullable Mismatch number(Map<?, ?> rules, BigDecimal value, String at) {
        Mismatch found = within(rules, "minimum", "maximum", value, at, "is", "");
        if (found == null && rules.get("exclusiveMinimum") instanceof Number bound
                && value.compareTo(decimal(bound)) <= 0) {
            return new Mismatch(at, "must be above " + bound + ", not " + value);
        }
        if (found == null && rules.get("exclusiveMaximum") instanceof Number bound
                && value.compareTo(decimal(bound)) >= 0) {
            return new Mismatch(at, "must be below " + bound + ", not " + value);
        }
        return found;
    }

    private static @Nullable Mismatch within(Map<?, ?> rules, String least, String most, BigDecimal value, String at,
            String verb, String unit) {
        String told = verb + " " + value.toPlainString() + (unit.isEmpty() ? "" : " " + unit);
        if (rules.get(least) instanceof Number bound && value.compareTo(decimal(bound)) < 0) {
            return new Mismatch(at, told + ", but at least " + bound + " is asked for");
        }
        return rules.get(most) instanceof Number bound && value.compareTo(decimal(bound)) > 0
                ? new Mismatch(at, told + ", but at most " + bound + " is asked for")
                : null;
    }

    private static BigDecimal decimal(Number number) {
        return switch (number) {
            case BigDecimal decimal -> decimal;
            case BigInteger integer -> new BigDecimal(integer);
            default -> BigDecimal.valueOf(number.longValue());
        };
    }

    private static String excerpt(@Nullable Object value) {
        return value == null ? "null" : Findings.excerpt(value);
    }
}
