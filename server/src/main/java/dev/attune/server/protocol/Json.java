package dev.attune.server.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON as the wire writes it: snake case, keys in the order they are declared, nulls written out. */
public final class Json {
    public static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private Json() {}

    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    public static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** What this server itself wrote. */
    public static JsonNode tree(String json) {
        return MAPPER.readTree(json);
    }

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /**
     * The object in a request's body.
     *
     * @throws ApiException 400 where it is not UTF-8, not JSON, or not an object
     */
    public static ObjectNode requestObject(byte[] body) {
        JsonNode node;
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
            node = MAPPER.readTree(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            throw ApiException.badRequest("The body of the request is not valid UTF-8; send JSON encoded as UTF-8.",
                    null);
        } catch (JacksonException e) {
            throw ApiException.badRequest("We could not parse the JSON body of your request: " + reason(e) + ".", null);
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw ApiException.badRequest("The body of the request must be a JSON object"
                + (node.isMissingNode() ? ", and it is empty." : "."), null);
    }

    /** Why text is not JSON, in one clause with its place. */
    public static String reason(JacksonException e) {
        String what = e.getOriginalMessage().lines().findFirst().orElse("it is not JSON").strip();
        int notes = what.indexOf(" (");
        if (notes > 0 && what.length() > 160) {
            what = what.substring(0, notes);
        }
        var at = e.getLocation();
        return at == null ? what : what + " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }
}
