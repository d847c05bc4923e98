package dev.attune.evals;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The share of the expected JSON's fields that the answer has right. A field is a path to a text, number, boolean or null;
 * it is right where the value is the same, but for white space around a text and how a number is written. A field that the
 * answer has and should not counts as one more field, wrong. An answer that is no JSON scores 0; a Markdown fence around it
 * is taken off. Where the expected text itself is no JSON object or array, the score is that of {@code exact}.
 */
final class JsonFieldsScorer implements Scorer {
    private static final Pattern FENCE = Pattern.compile("(?s)\\A```[A-Za-z]*\\s*\\n(.*?)\\n?```\\z");
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    @Override
    public String name() {
        return "json_fields";
    }

    @Override
    public Score score(String expected, String actual) {
        Optional<JsonNode> want = json(expected).filter(JsonNode::isContainer);
        if (want.isEmpty()) {
            return new ExactScorer().score(expected, actual);
        }
        Optional<JsonNode> got = json(actual);
        if (got.isEmpty()) {
            return new Score(0, actual.isBlank() ? "the answer is empty" : "the answer is not JSON");
        }
        return compare(fields(want.get()), fields(got.get()));
    }

    private static Score compare(Map<String, Object> want, Map<String, Object> got) {
        var wrong = new ArrayList<String>();
        want.forEach((path, value) -> {
            if (!got.containsKey(path)) {
                wrong.add(path + " is missing");
            } else if (!value.equals(got.get(path))) {
                wrong.add(path + " is " + got.get(path) + ", not " + value);
            }
        });
        got.keySet().stream().filter(path -> !want.containsKey(path))
                .forEach(path -> wrong.add(path + " is not expected"));
        int all = Math.max(1,
                (int) got.keySet().stream().filter(path -> !want.containsKey(path)).count() + want.size());
        return new Score((double) (all - wrong.size()) / all, shorten(wrong));
    }

    private static String shorten(List<String> wrong) {
        return String.join("; ", wrong.subList(0, Math.min(5, wrong.size())))
                + (wrong.size() > 5 ? "; and " + (wrong.size() - 5) + " more" : "");
    }

    private static Optional<JsonNode> json(String text) {
        String stripped = text.strip();
        Matcher fence = FENCE.matcher(stripped);
        try {
            JsonNode node = MAPPER.readTree(fence.matches() ? fence.group(1) : stripped);
            return node == null || node.isMissingNode() ? Optional.empty() : Optional.of(node);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /** Every leaf by its JSON pointer; an empty object or list is a leaf. */
    private static Map<String, Object> fields(JsonNode node) {
        var fields = new LinkedHashMap<String, Object>();
        collect("", node, fields);
        return fields;
    }

    private static void collect(String path, JsonNode node, Map<String, Object> fields) {
        if (node.isObject() && !node.isEmpty()) {
            node.properties().forEach(entry -> collect(
                    path + "/" + entry.getKey().replace("~", "~0").replace("/", "~1"), entry.getValue(), fields));
        } else if (node.isArray() && !node.isEmpty()) {
            for (int i = 0; i < node.size(); i++) {
                collect(path + "/" + i, node.get(i), fields);
            }
        } else {
            fields.put(path.isEmpty() ? "/" : path, leaf(node));
        }
    }

    private static Object leaf(JsonNode node) {
        if (node.isString()) {
            return "\"" + Texts.strip(node.asString()) + "\"";
        }
        if (node.isNumber()) {
            BigDecimal number = node.decimalValue().stripTrailingZeros();
            return number.signum() == 0 ? BigDecimal.ZERO : number;
        }
        return node.toString();
    }
}
