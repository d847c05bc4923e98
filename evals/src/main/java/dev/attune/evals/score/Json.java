package dev.attune.evals.score;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How scorers read JSON out of answers: strictly, with every digit of a number. */
final class Json {
    private static final Pattern FENCE = Pattern.compile("(?s)\\A```[A-Za-z]*\\s*\\n(.*?)\\n?```\\z");
    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Json() {}

    /** The whole text as JSON; a key that occurs twice, or anything after it, makes it none. */
    static Optional<JsonNode> strict(String text) {
        try {
            JsonNode node = MAPPER.readTree(text.strip());
            return node == null || node.isMissingNode() ? Optional.empty() : Optional.of(node);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /** The same, with a Markdown fence around it taken off. */
    static Optional<JsonNode> lenient(String text) {
        String stripped = text.strip();
        Matcher fence = FENCE.matcher(stripped);
        return strict(fence.matches() ? fence.group(1) : stripped);
    }

    /** A value as text: a string without its quotes, else JSON. */
    static String text(JsonNode node) {
        return node.isString() ? node.asString() : node.toString();
    }

    /**
     * The value at a path: a JSON pointer ({@code /a/0/b}), or names with dots and indexes ({@code $.a[0].b}); missing where
     * there is none.
     */
    static JsonNode at(JsonNode node, String path) {
        if (path.startsWith("/")) {
            return node.at(path);
        }
        JsonNode found = node;
        for (String step : path.replaceFirst("^\\$\\.?", "").replaceAll("\\[(\\d{1,6})]", ".$1").split("\\.")) {
            if (!step.isEmpty()) {
                found = found.isArray() && step.matches("\\d{1,6}")
                        ? found.path(Integer.parseInt(step))
                        : found.path(step);
            }
        }
        return found;
    }
}
