package dev.attune.evals.convert;

import dev.attune.evals.convert.Imported.Draft;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * promptfoo's configuration and its CSV of tests. There every test brings its own assertions; here each row carries them as
 * {@code check}, which the scorer {@code by_row} applies. Prompts are filled in with the test's variables.
 */
public final class PromptfooImport {
    private static final Pattern PLACE = Pattern.compile("\\{\\{\\s*([\\w.]+)\\s*}}");
    private static final Pattern TYPES = Pattern.compile(
            "(?:not-)?(?:i?equals|i?contains(?:-any|-all|-json|-xml|-html|-sql)?|starts-with|regex|is-[a-z-]+|rouge-n|bleu|gleu|"
                    + "meteor|levenshtein|latency|cost|perplexity(?:-score)?|finish-reason|word-count|similar|llm-rubric|grade|g-eval|factuality|model-graded-[a-z]+|"
                    + "answer-relevance|context-[a-z]+|classifier|moderation|javascript|fn|eval|python|ruby|webhook|select-best|max-score|guardrails|pi)");
    private static final Map<String, String> SAME = same();

    private final Draft draft;

    private PromptfooImport(Draft draft) {
        this.draft = draft;
    }

    private static Map<String, String> same() {
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

    /** Whether a document looks like a configuration of promptfoo. */
    public static boolean isOne(JsonNode root) {
        return root.has("prompts") || root.has("tests") && root.path("tests").isArray();
    }

    /**
     * Carries over a configuration.
     *
     * @param judge the model that judges; empty for none
     */
    public static Imported read(JsonNode root, String judge) {
        var reader = new PromptfooImport(new Draft(judge));
        List<String> prompts = reader.prompts(root.path("prompts"));
        JsonNode tests = root.path("tests");
        if (!tests.isArray()) {
            reader.draft.leaveOut("The tests stand elsewhere (" + tests.asString("nowhere")
                    + "): import that file by itself, or put them into the configuration.");
        }
        for (JsonNode test : tests) {
            reader.test(prompts, test, root.path("defaultTest"));
        }
        JsonNode providers = root.path("providers");
        String first = providers.isArray() && !providers.isEmpty()
                ? providers.get(0).isString() ? providers.get(0).asString() : providers.get(0).path("id").asString("")
                : providers.asString("");
        if (providers.size() > 1) {
            reader.draft.note("Of " + providers.size()
                    + " providers the first is the model; measure the others with attune compare.");
        }
        return reader.done(first.replaceFirst("^(?:openai|azure|attune):(?:chat:)?", ""));
    }

    /**
     * Carries over a CSV of tests.
     *
     * @param rows by column, in order
     * @param prompt the prompt with places for the columns; empty to ask the first column
     */
    public static Imported readCsv(List<Map<String, String>> rows, String prompt, String judge) {
        var reader = new PromptfooImport(new Draft(judge));
        for (Map<String, String> row : rows) {
            ObjectNode test = Draft.JSON.createObjectNode();
            ObjectNode vars = test.putObject("vars");
            ArrayNode assertions = test.putArray("assert");
            row.forEach((column, value) -> {
                if (column.matches("__expected\\d*")) {
                    if (!value.isBlank()) {
                        assertions.add(written(value));
                    }
                } else if (column.equals("__threshold")) {
                    if (!value.isBlank()) {
                        reader.draft.note("__threshold is not carried over: all assertions of a row have to hold.");
                    }
                } else if (column.startsWith("__")) {
                    if (!value.isBlank() && column.equals("__description")) {
                        test.put("description", value);
                    }
                } else {
                    vars.put(column, value);
                }
            });
            String asked = prompt.isEmpty() && !vars.isEmpty()
                    ? "{{" + vars.propertyNames().iterator().next() + "}}"
                    : prompt;
            reader.test(List.of(asked), test, Draft.JSON.createObjectNode());
        }
        return reader.done("");
    }

    /** {@code contains: x} is an assertion with its type; a text alone is to be equalled. */
    private static ObjectNode written(String value) {
        Matcher typed = Pattern.compile("(?s)^((?:not-)?[a-z][a-z-]*?)(?:\\((\\d*\\.?\\d+)\\))?:\\s*(.*)$")
                .matcher(value);
        if (!typed.matches() || !TYPES.matcher(typed.group(1)).matches()) {
            return Draft.JSON.createObjectNode().put("type", "equals").put("value", value);
        }
        String type = typed.group(1).equals("grade") ? "llm-rubric" : typed.group(1);
        ObjectNode assertion = Draft.JSON.createObjectNode().put("type", type);
        if (type.matches("(?:not-)?i?contains-(?:any|all)")) {
            ArrayNode list = assertion.putArray("value");
            for (String part : typed.group(3).split("\\s*,\\s*")) {
                list.add(part);
            }
        } else {
            assertion.put("value", typed.group(3));
        }
        if (typed.group(2) != null) {
            assertion.put("threshold", Double.parseDouble(typed.group(2)));
        }
        return assertion;
    }

    private Imported done(String model) {
        ObjectNode file = Draft.JSON.createObjectNode();
        file.putObject("evaluate").put("model", model.isEmpty() ? "MODEL" : model).put("data", "questions.jsonl")
                .putArray("scorers").add("by_row");
        if (draft.rows.isEmpty()) {
            draft.leaveOut("No test came over, so there is nothing to ask yet.");
        }
        return draft.done(file);
    }

    private List<String> prompts(JsonNode prompts) {
        var found = new java.util.ArrayList<String>();
        for (JsonNode prompt : prompts.isArray() ? prompts : List.of(prompts)) {
            String text = prompt.isString() ? prompt.asString() : prompt.path("raw").asString("");
            if (text.isEmpty() || text.startsWith("file://")) {
                draft.leaveOut("The prompt " + (text.isEmpty() ? prompt : text)
                        + " stands elsewhere: put its text into the configuration.");
            } else if (text.contains("{%")) {
                draft.leaveOut("The prompt \"" + text.lines().findFirst().orElse("")
                        + "\" uses template logic ({% … %}): write it out.");
            } else {
                found.add(text);
            }
        }
        return found;
    }

    private void test(List<String> prompts, JsonNode test, JsonNode defaults) {
        ObjectNode vars = Draft.JSON.createObjectNode();
        for (JsonNode from : List.of(defaults.path("vars"), test.path("vars"))) {
            from.properties().forEach(entry -> vars.set(entry.getKey(), entry.getValue()));
        }
        ArrayNode checks = Draft.JSON.createArrayNode();
        for (JsonNode from : List.of(defaults.path("assert"), test.path("assert"))) {
            from.forEach(assertion -> scorer(assertion, vars).ifPresent(checks::add));
        }
        for (String prompt : prompts) {
            if (checks.isEmpty()) {
                draft.leaveOut("A test has no assertion that came over, so it is not asked: "
                        + shortened(test.path("description").asString(vars.toString())) + ".");
                continue;
            }
            ObjectNode row = Draft.JSON.createObjectNode().put("input", filled(prompt, vars));
            row.set("vars", vars);
            if (test.path("description").isString()) {
                row.put("description", test.path("description").asString());
            }
            row.putObject("check").set("all", checks);
            draft.rows.add(row);
        }
    }

    private static String filled(String text, ObjectNode vars) {
        return PLACE.matcher(text).replaceAll(match -> {
            JsonNode value = vars.at("/" + match.group(1).replace('.', '/'));
            return Matcher.quoteReplacement(
                    value.isMissingNode() ? match.group() : value.isString() ? value.asString() : value.toString());
        });
    }

    private Optional<ObjectNode> scorer(JsonNode assertion, ObjectNode vars) {
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
        if (assertion.path("weight").isNumber() && assertion.path("weight").doubleValue() != 1) {
            draft.note("Weights of assertions are not carried over: all assertions of a row have to hold.");
        }
        if (SAME.containsKey(type)) {
            ObjectNode options = Draft.JSON.createObjectNode();
            if (!value.isMissingNode()) {
                options.set("value", value);
            }
            return Optional.of(one(SAME.getOrDefault(type, type), options));
        }
        return switch (type) {
            case "is-json" -> Optional.of(one("is_json",
                    value.isObject()
                            ? Draft.JSON.createObjectNode().set("schema", value)
                            : Draft.JSON.createObjectNode()));
            case "is-refusal" -> Optional.of(one("refusal", Draft.JSON.createObjectNode()));
            case "rouge-n" -> Optional.of(similar("rouge_1", value, threshold, 0.75));
            case "bleu", "gleu", "meteor" -> Optional.of(similar(type, value, threshold, 0.5));
            case "latency" ->
                Optional.of(one("latency", Draft.JSON.createObjectNode().put("at_most", threshold / 1000)));
            case "cost" -> Optional.of(one("cost", Draft.JSON.createObjectNode().put("at_most", threshold)));
            case "finish-reason" -> Optional.of(one("finish", Draft.JSON.createObjectNode().set("value", value)));
            case "word-count" -> Optional.of(words(value));
            case "llm-rubric", "g-eval" ->
                judged(type, "rubric", value).map(options -> one("judge", graded(options, threshold)));
            case "model-graded-closedqa" -> judged(type, "question", value).map(options -> one("judge", options));
            case "factuality", "model-graded-factuality" -> {
                draft.leaveOut(type
                        + " is not carried over: give the rows an expected answer and use judge: {factuality: true}.");
                yield Optional.empty();
            }
            case "javascript", "fn", "eval", "python", "ruby", "webhook" -> {
                draft.leaveOut("The assertion " + type
                        + " is not carried over: put it into a program that reads one JSON line for each answer"
                        + " and writes {\"score\": …}, and name it as process: {command: […]}.");
                yield Optional.empty();
            }
            default -> {
                draft.leaveOut(
                        "The assertion " + (type.isEmpty() ? "without a type" : type) + " has no counterpart here.");
                yield Optional.empty();
            }
        };
    }

    private Optional<ObjectNode> judged(String type, String form, JsonNode value) {
        return draft.judge("The assertion " + type, "").map(options -> {
            options.put(form, value.isString() ? value.asString() : value.toString());
            return options;
        });
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

    private static String shortened(String text) {
        return text.length() <= 80
                ? text
                : text.substring(0, text.offsetByCodePoints(0, text.codePointCount(0, 80))) + "…";
    }
}
