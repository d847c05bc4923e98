package dev.attune.server.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The {@code metadata} of a request: at most 16 pairs of texts, with keys of 64 and values of 512 characters. */
public final class Metadata {
    private static final int MOST_PAIRS = 16;
    private static final int LONGEST_KEY = 64;
    private static final int LONGEST_VALUE = 512;

    private Metadata() {}

    /**
     * @return empty where there is none
     * @throws ApiException 400, naming the key
     */
    public static Map<String, String> of(Fields body) {
        Fields metadata = body.object("metadata");
        if (metadata.node().size() > MOST_PAIRS) {
            throw ApiException.badRequest("Invalid 'metadata': too many properties. Expected an object with at most "
                    + MOST_PAIRS + " properties, but got " + metadata.node().size() + " instead.", "metadata");
        }
        var pairs = new LinkedHashMap<String, String>();
        for (String key : metadata.node().propertyNames()) {
            String value = metadata.required(key);
            if (key.length() > LONGEST_KEY || value.length() > LONGEST_VALUE) {
                throw ApiException.badRequest("Invalid 'metadata." + key + "': a key has at most " + LONGEST_KEY
                        + " characters and a value at most " + LONGEST_VALUE + ".", "metadata");
            }
            pairs.put(key, value);
        }
        return pairs;
    }

    /** As it is stored: null where there is none. */
    public static @Nullable String stored(Map<String, String> pairs) {
        return pairs.isEmpty() ? null : Json.text(pairs);
    }

    /** What was stored, in its order. */
    public static @Nullable Map<String, String> wire(@Nullable String stored) {
        if (stored == null) {
            return null;
        }
        var map = new LinkedHashMap<String, String>();
        for (Map.Entry<String, JsonNode> entry : Json.tree(stored).properties()) {
            map.put(entry.getKey(), entry.getValue().asString());
        }
        return map;
    }
}
