package dev.attune.evals.score;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The share of the expected JSON's fields that the answer has right. A field is a path to a text, number, boolean or null;
 * it is right where the value is the same, but for white space around a text and how a number is written. A field that the
 * answer has and should not counts as one more field, wrong. An answer that is no JSON scores 0; a Markdown fence around it
 * is taken off. Where the expected text itself is no JSON object or array, the score is that of {@code exact}.
 *
 * <p>Where fields are named, only they count, each by the scorer it is given, so that a summary may be nearly right.
 */
final class JsonFieldsScorer implements Scorer {
    private final Map<String, Scorer> rules;

    /** @param rules scorer by path of the field; empty for all fields, compared as they are */
    JsonFieldsScorer(Map<String, Scorer> rules) {
        this.rules = new LinkedHashMap<>(rules);
    }

    @Override
    public String name() {
        return "json_fields";
    }

    @Override
    public List<Scorer> parts() {
        return List.copyOf(rules.values());
    }

    @Override
    public Score score(Sample sample) {
        Optional<JsonNode> want = Json.lenient(sample.reference()).filter(JsonNode::isContainer);
        if (want.isEmpty()) {
            return new ExactScorer(false).score(sample);
        }
        Optional<JsonNode> got = Json.lenient(sample.text());
        if (got.isEmpty()) {
            return new Score(0, sample.text().isBlank() ? "the answer is empty" : "the answer is not JSON",
                    "Answer with one JSON value and nothing else, in the form of "
                            + Texts.quoted(sample.expected(), 200) + ".");
        }
        return rules.isEmpty() ? compare(fields(want.get()), fields(got.get())) : byRule(sample, want.get(), got.get());
    }

    private Score byRule(Sample sample, JsonNode want, JsonNode got) {
        double sum = 0;
        var wrong = new ArrayList<String>();
        var counted = 0;
        for (var rule : rules.entrySet()) {
            JsonNode expected = Json.at(want, rule.getKey());
            JsonNode actual = Json.at(got, rule.getKey());
            if (expected.isMissingNode() && actual.isMissingNode()) {
                continue;
            }
            counted++;
            if (expected.isMissingNode() || actual.isMissingNode()) {
                wrong.add(rule.getKey() + (actual.isMissingNode() ? " is missing" : " is not expected"));
                continue;
            }
            Score score = rule.getValue() instanceof ExactScorer
                    ? leaf(rule.getKey(), expected, actual)
                    : rule.getValue().score(sample.part(Json.text(expected), Json.text(actual)));
            sum += score.value();
            if (score.value() < 1) {
                wrong.add(rule.getKey() + ": " + (score.reason().isEmpty() ? "only partly right" : score.reason()));
            }
        }
        if (counted == 0) {
            throw new UnscorableException("neither the expected answer nor the answer has any of the fields "
                    + String.join(", ", rules.keySet()));
        }
        return new Score(sum / counted, shorten(wrong));
    }

    private static Score leaf(String path, JsonNode expected, JsonNode actual) {
        return leaf(expected).equals(leaf(actual))
                ? Score.right()
                : new Score(0, leaf(actual) + " is not " + leaf(expected),
                        "Set " + path + " to " + leaf(expected) + ".");
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
