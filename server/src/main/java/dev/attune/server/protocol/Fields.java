package dev.attune.server.protocol;

import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeType;
import tools.jackson.databind.node.ObjectNode;

/**
 * The keys of a JSON object in a request, read one by one. A key that is absent or null takes its default; one that has
 * the wrong type or range becomes a 400 that names it, in OpenAI's words.
 *
 * @param at where the object stands in the body, empty for the body itself; ends in a dot otherwise
 */
public record Fields(ObjectNode node, String at) {

    /**
     * Those of a whole body.
     *
     * @throws ApiException 400 where it is not a JSON object
     */
    public static Fields of(byte[] body) {
        return new Fields(Json.requestObject(body), "");
    }

    public boolean has(String key) {
        return node.hasNonNull(key);
    }

    /** The value of a key, or a missing node. */
    public JsonNode value(String key) {
        return has(key) ? node.path(key) : node.path("");
    }

    public String required(String key) {
        if (!has(key)) {
            throw missing(key);
        }
        return text(key, "");
    }

    public String text(String key, String otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = node.path(key);
        if (!value.isString()) {
            throw wrongType(key, "a string", value);
        }
        return value.stringValue();
    }

    public boolean flag(String key, boolean otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = node.path(key);
        if (!value.isBoolean()) {
            throw wrongType(key, "a boolean", value);
        }
        return value.booleanValue();
    }

    public long integer(String key, long min, long max, long otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = node.path(key);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrongType(key, "an integer", value);
        }
        return within(key, value.longValue(), min, max);
    }

    public double number(String key, double min, double max, double otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = node.path(key);
        if (!value.isNumber()) {
            throw wrongType(key, "a decimal", value);
        }
        double number = value.doubleValue();
        if (number < min || Double.isNaN(number)) {
            throw ApiException
                    .badRequest("Invalid '" + at + key + "': decimal below minimum value. Expected a value >= "
                            + plain(min) + ", but got " + value + " instead.", at + key, "decimal_below_min_value");
        }
        if (number > max) {
            throw ApiException
                    .badRequest("Invalid '" + at + key + "': decimal above maximum value. Expected a value <= "
                            + plain(max) + ", but got " + value + " instead.", at + key, "decimal_above_max_value");
        }
        return number;
    }

    /** The object under a key; empty where it is absent. */
    public Fields object(String key) {
        if (!has(key)) {
            return new Fields(Json.object(), at + key + ".");
        }
        if (node.path(key) instanceof ObjectNode object) {
            return new Fields(object, at + key + ".");
        }
        throw wrongType(key, "an object", node.path(key));
    }

    /** The items of the array under a key; empty where it is absent. */
    public List<JsonNode> array(String key) {
        if (!has(key)) {
            return List.of();
        }
        if (node.path(key) instanceof ArrayNode array) {
            return List.copyOf(array.values());
        }
        throw wrongType(key, "an array", node.path(key));
    }

    /** The keys that are not among the known ones, in their order. */
    List<String> unknown(Set<String> known) {
        return node.propertyNames().stream().filter(key -> !known.contains(key)).toList();
    }

    /**
     * @throws ApiException 400 in OpenAI's words where there is a key that is not known
     */
    public void refuseExtra(Set<String> known) {
        List<String> extra = unknown(known);
        if (!extra.isEmpty()) {
            String key = extra.getFirst();
            String value = node.path(key).toString();
            throw ApiException.badRequest("invalid " + key + ": "
                    + (value.length() > 80 ? value.substring(0, 80) + "…" : value)
                    + ", extra inputs are not permitted", key);
        }
    }

    public ApiException missing(String key) {
        return ApiException.badRequest("Missing required parameter: '" + at + key + "'.", at + key,
                "missing_required_parameter");
    }

    public ApiException wrongType(String key, String expected, JsonNode actual) {
        return ApiException.badRequest("Invalid type for '" + at + key + "': expected " + expected + ", but got "
                + described(actual) + " instead.", at + key, "invalid_type");
    }

    private long within(String key, long number, long min, long max) {
        if (number < min) {
            throw ApiException
                    .badRequest("Invalid '" + at + key + "': integer below minimum value. Expected a value >= "
                            + min + ", but got " + number + " instead.", at + key, "integer_below_min_value");
        }
        if (number > max) {
            throw ApiException
                    .badRequest("Invalid '" + at + key + "': integer above maximum value. Expected a value <= "
                            + max + ", but got " + number + " instead.", at + key, "integer_above_max_value");
        }
        return number;
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    private static String described(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> "a string";
            case BOOLEAN -> "a boolean";
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case NULL -> "null";
            case NUMBER -> node.isIntegralNumber() ? "an integer" : "a decimal";
            default -> node.getNodeType() == JsonNodeType.MISSING ? "nothing" : "something else";
        };
    }
}
