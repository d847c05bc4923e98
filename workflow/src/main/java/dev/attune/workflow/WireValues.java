package dev.attune.workflow;

import com.openai.core.JsonField;
import com.openai.core.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a field on the wire says when it says it in the documented form, and a neutral value when it is missing, null or
 * of another type. Servers, OpenAI's own included, break their schema; a reader that throws would lose the whole answer.
 */
final class WireValues {
    private WireValues() {}

    /** The text, or the empty string. */
    static String text(JsonField<String> field) {
        return field.asKnown().or(field::asString).orElse("");
    }

    /** The number, or {@code missing}. */
    static long number(JsonField<Long> field, long missing) {
        return field.asKnown().map(Number.class::cast).or(field::asNumber).map(Number::longValue).orElse(missing);
    }

    /** The number under a key, also where it stands there as text; NaN where there is none. */
    static double number(Map<String, JsonValue> map, String key) {
        JsonValue value = map.get(key);
        if (value == null) {
            return Double.NaN;
        }
        return numberOf(value);
    }

    /** Scalars as text; nested values are left out. */
    static Map<String, String> scalars(Map<String, JsonValue> map) {
        var result = new LinkedHashMap<String, String>();
        map.forEach((key, value) -> {
            String text = scalar(value);
            if (!text.isEmpty()) {
                result.put(key, text);
            }
        });
        return result;
    }

    /** The members of an object; empty for anything else. */
    static Map<String, JsonValue> object(JsonField<?> value) {
        return value.asObject().orElse(Map.of());
    }

    /** A string, number or boolean as text; the empty string for anything else. */
    static String scalar(JsonField<?> value) {
        return value.asString()
                .or(() -> value.asNumber().map(Object::toString))
                .or(() -> value.asBoolean().map(Object::toString))
                .orElse("");
    }

    private static double numberOf(JsonField<?> value) {
        return value.asNumber().map(Number::doubleValue).orElseGet(() -> {
            try {
                return Double.parseDouble(value.asString().orElse("NaN"));
            } catch (NumberFormatException e) {
                return Double.NaN;
            }
        });
    }
}
