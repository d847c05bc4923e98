package dev.attune.dataset;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A JSON value as compact text. */
public final class JsonText {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private JsonText() {}

    /** A string as it is, anything else as JSON. */
    public static String of(@Nullable Object value) {
        return value instanceof String text ? text : MAPPER.writeValueAsString(value);
    }
}
