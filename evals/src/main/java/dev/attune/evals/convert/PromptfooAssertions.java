package dev.attune.evals.convert;

import dev.attune.evals.convert.Imported.Draft;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The assertions of one of promptfoo's tests as scorers. Not thread-safe. */
final class PromptfooAssertions {
    private static final Pattern PLACE = Pattern.compile("\\{\\{\\s*([\\w.]+)\\s*}}");
    private static final Map<String, String> SAME = names();

    private final Draft draft;
    private final JsonNode templates;
    private final String judge;
    private Optional<String> reference = Optional.empty();

    /**
     * @param templates assertions by name, which others refer to
     * @param judge the model that judges where an assertion names none; empty for none
     */
    PromptfooAssertions(Draft draft, JsonNode templates, String judge) {
        this.draft = draft;
        this.templates = templates;
        this.judge = judge;
    }

    /** The assertion itself, or the template that it refers to. */
    JsonNode resolved(JsonNode assertion) {
        String reference = assertion.path("$ref").asString("");
        JsonNode found = templates.path(reference.replaceFirst("^#/assertionTemplates/", ""));
        return reference.isEmpty() || found.isMissingNode() ? assertion : found;
    }

    private static Map<String, String> names() {
        var same = new LinkedHashMap<String, String>();
        for (String name : List.of("equals", "contains-any", "icontains", "icontains-any", "starts-with", "regex",
                "is-xml")) {
            same.put(name, name.replace('-', '_'));
        }
        same.put("contains", "contains_all");
        same.put("contains-all", "contains_all");
        same.put("icontains-all", "icontains_all");
        return same;
    }

    /** Places that are still in a text. */
    static List<String> places(String text) {
        return PLACE.matcher(text).results().map(match -> match.group(1)).distinct().toList();
    }

    static String filled(String text, ObjectNode vars) {
        return PLACE.matcher(text).replaceAll(match -> {
            JsonNode value = vars.at("/" + match.group(1).replace('.', '/'));
            return Matcher.quoteReplacement(
                    value.isMissingNode() ? match.group() : value.isString() ? value.asString() : value.toString());
        });
    }

    /** What {@code factuality} compares with, where an assertion brought it. */
    Optional<String> reference() {
        return reference;
    }

    /** The assertion as a scorer; nothing after saying why it does not come over. */
    Optional<ObjectNode> scorer(JsonNode assertion, ObjectNode vars) {
        String type = assertion.path("type").asString("");
        boolean negated = type.startsWith("not-");
        Optional<ObjectNode> scorer = plain(negated ? type.substring(4) : type, assertion, vars);
        return negated ? scorer.map(s -> Draft.JSON.createObjectNode().set("not", s)) : scorer;
    }

    private Optional<ObjectNode> plain(String type, JsonNode assertion, ObjectNode vars) {
        JsonNode value = assertion.path("value").isString()
                ? Draft.JSON.getNodeFactory().stringNode(filled(assertion.get("value").asString(), vars))
                : assertion.path("value");
        double threshold = assertion.path("threshold").asDouble(-1);
        if (value.isString() && value.asString().startsWith("file://")) {
            draft.leaveOut("The assertion " + type + " takes its value from " + value.asString()
                    + ": put that into the configuration.");
            return Optional.empty();
        }
        if (assertion.has("transform")) {
            draft.leaveOut("The assertion " + type + " transforms the answer by a program, which is not carried over.");
            return Optional.empty();
        }
        if (SAME.containsKey(type)) {
            return Optional.of(same(type, value));
        }
        return switch (type) {
            case "is-json", "contains-json" -> json(type, value);
            case "is-html" -> Optional.of(one("is_html", Draft.JSON.createObjectNode()));
            case "is-sql" -> Optional.of(one("is_sql", Draft.JSON.createObjectNode()));
            case "is-refusal" -> Optional.of(one("refusal", Draft.JSON.createObjectNode()));
            case "rouge-n" -> Optional.of(similar("rouge_1", value, threshold, 0.75));
            case "bleu", "gleu", "meteor" -> Optional.of(similar(type, value, threshold, 0.5));
            case "levenshtein" -> Optional.of(one("edits", Draft.JSON.createObjectNode()
                    .put("at_most", (long) (threshold >= 0 ? threshold : 5)).set("value", value)));
            case "latency" ->
                Optional.of(one("latency", Draft.JSON.createObjectNode().put("at_most", threshold / 1000)));
            case "cost" -> Optional.of(one("cost", Draft.JSON.createObjectNode().put("at_most", threshold)));
            case "finish-reason" -> Optional.of(one("finish", Draft.JSON.createObjectNode().set("value", value)));
            case "word-count" -> Optional.of(words(value));
            case "llm-rubric" ->
                judged(assertion, "rubric", value).map(options -> one("judge", graded(options, threshold)));
            case "g-eval" -> value.isArray()
                    ? judged(assertion, "checklist", value).map(options -> one("judge", options.put("threshold",
                            threshold >= 0 ? threshold : 0.7)))
                    : judged(assertion, "rubric", value).map(options -> one("judge", graded(options,
                            threshold >= 0 ? threshold : 0.7)));
            case "model-graded-closedqa" -> judged(assertion, "question", value).map(options -> one("judge", options));
            case "factuality", "model-graded-factuality" -> factuality(type, assertion, value);
            case "javascript", "fn", "eval", "python", "ruby", "webhook" -> {
                draft.leaveOut("The assertion " + type
                        + " is not carried over: put it into a program that reads one JSON line for each answer"
                        + " and writes {\"score\": …}, and name it as process: {command: […]}.");
                yield Optional.empty();
            }
            default -> {
                draft.leaveOut("The assertion " + (type.isEmpty() ? "without a type" : type)
                        + " has no counterpart here" + instead(type) + ".");
                yield Optional.empty();
            }
        };
    }

    /** What comes nearest to an assertion that has no counterpart, as it goes on behind "no counterpart here". */
    private static String instead(String type) {
        if (type.startsWith("similar")) {
            return ": it compares embeddings; rouge_l, chrf or a judge come near";
        }
        if (type.startsWith("context-") || type.endsWith("relevance")) {
            return ": ask a judge with a question of your own, judge: {question: …}";
        }
        return switch (type) {
            case "select-best", "max-score" -> ": compare two models with attune compare, or a judge as pairwise:";
            case "tool-call-f1", "is-valid-function-call", "is-valid-openai-function-call",
                    "is-valid-openai-tools-call" ->
                ": give the rows the expected calls and use tool_calls";
            case "moderation", "guardrails", "classifier", "pi" ->
                ": it asks a service of its own; process: can do the same";
            case "perplexity", "perplexity-score" -> ": it needs the probabilities of the answer's tokens";
            default -> "";
        };
    }

    private static ObjectNode same(String type, JsonNode value) {
        ObjectNode options = Draft.JSON.createObjectNode();
        if (type.equals("equals") && value.isContainer()) {
            return one("is_json", options.set("schema", Draft.JSON.createObjectNode().set("const", value)));
        }
        if (type.matches("i?contains-(?:any|all)") && value.isString()) {
            ArrayNode list = options.putArray("value");
            for (String part : value.asString().split("\\s*,\\s*")) {
                list.add(part);
            }
        } else if (!value.isMissingNode()) {
            options.set("value", value.isBoolean() ? Draft.JSON.getNodeFactory().stringNode(value.asString()) : value);
        }
        return one(SAME.getOrDefault(type, type), options);
    }

    private Optional<ObjectNode> json(String type, JsonNode value) {
        String kind = type.replace('-', '_');
        JsonNode schema = value;
        if (value.isString()) {
            try {
                schema = Draft.JSON.readTree(value.asString());
            } catch (JacksonException e) {
                draft.leaveOut(
                        "The schema of an assertion " + type + " is text that is not JSON: write it as a mapping.");
                return Optional.empty();
            }
        }
        return Optional.of(one(kind, schema.isObject()
                ? Draft.JSON.createObjectNode().set("schema", schema)
                : Draft.JSON.createObjectNode()));
    }

    private Optional<ObjectNode> factuality(String type, JsonNode assertion, JsonNode value) {
        String facts = value.isString() ? value.asString() : value.toString();
        if (reference.isPresent() && !reference.get().equals(facts)) {
            draft.leaveOut("A test has a second " + type + " with other facts: a row has one expected answer.");
            return Optional.empty();
        }
        return judge(assertion).map(options -> {
            reference = Optional.of(facts);
            return one("judge", options.put("factuality", true));
        });
    }

    private Optional<ObjectNode> judged(JsonNode assertion, String form, JsonNode value) {
        return judge(assertion).map(options -> {
            if (value.isArray()) {
                options.set(form, value);
            } else {
                options.put(form, value.isString() ? value.asString() : value.toString());
            }
            return options;
        });
    }

    private Optional<ObjectNode> judge(JsonNode assertion) {
        String own = PromptfooProvider.of(assertion.path("provider")).model();
        return draft.judge("The assertion " + assertion.path("type").asString(""), own.isEmpty() ? judge : own);
    }

    private static ObjectNode graded(ObjectNode options, double threshold) {
        return options.put("scale", "0-1").put("threshold", threshold >= 0 ? threshold : 0.5);
    }

    private static ObjectNode similar(String kind, JsonNode value, double threshold, double otherwise) {
        ObjectNode options = Draft.JSON.createObjectNode().put("threshold", threshold >= 0 ? threshold : otherwise);
        options.set("value", value);
        return one(kind, options);
    }

    private static ObjectNode words(JsonNode value) {
        ObjectNode options = Draft.JSON.createObjectNode().put("unit", "words");
        if (value.isObject()) {
            value.properties().stream().filter(e -> List.of("min", "max").contains(e.getKey()))
                    .forEach(e -> options.set(e.getKey(), e.getValue()));
        } else {
            options.put("min", value.asInt(0)).put("max", value.asInt(0));
        }
        return one("length", options);
    }

    private static ObjectNode one(String kind, JsonNode options) {
        return Draft.JSON.createObjectNode().set(kind, options);
    }
}
