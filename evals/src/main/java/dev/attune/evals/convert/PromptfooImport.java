package dev.attune.evals.convert;

import dev.attune.evals.convert.Imported.Draft;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * promptfoo's configuration and its CSV of tests. There every test brings its own assertions; here each row carries them as
 * {@code check}, which the scorer {@code by_row} applies. Prompts are filled in with the test's variables.
 */
public final class PromptfooImport {
    private static final Pattern TYPES = Pattern.compile(
            "(?:not-)?(?:i?equals|i?contains(?:-any|-all|-json|-xml|-html|-sql)?|starts-with|regex|is-[a-z-]+|rouge-n|bleu|gleu|"
                    + "meteor|levenshtein|latency|cost|perplexity(?:-score)?|finish-reason|word-count|similar(?::[a-z]+)?|llm-rubric|grade|g-eval|factuality|model-graded-[a-z]+|"
                    + "answer-relevance|context-[a-z]+|tool-call-f1|conversation-relevance|trajectory:[a-z-]+|trace-[a-z-]+|assert-set|classifier|moderation|javascript|fn|eval|python|ruby|webhook|select-best|max-score|guardrails|pi)");
    private static final int MOST_COMBINATIONS = 1_000;
    private static final List<String> NOT_CARRIED = List.of("scenarios", "derivedMetrics", "extensions",
            "nunjucksFilters", "redteam");

    private final Draft draft;
    private final JsonNode root;

    private PromptfooImport(Draft draft, JsonNode root) {
        this.draft = draft;
        this.root = root;
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
        var reader = new PromptfooImport(new Draft(judge), root);
        List<String> prompts = reader.prompts(root.path("prompts"));
        JsonNode tests = root.path("tests");
        if (!tests.isArray()) {
            reader.draft.leaveOut("The tests stand elsewhere (" + tests.asString("nowhere")
                    + "): import that file by itself, or put them into the configuration.");
        }
        for (JsonNode test : tests) {
            reader.test(prompts, test, root.path("defaultTest"));
        }
        for (String key : NOT_CARRIED) {
            if (root.has(key)) {
                reader.draft.leaveOut("What stands under " + key + " has no counterpart here.");
            }
        }
        List<PromptfooProvider> providers = PromptfooProvider.all(root);
        if (providers.size() > 1) {
            reader.draft.note("Of " + providers.size()
                    + " providers the first is the model; measure the others with attune compare.");
        }
        return reader.done(providers.isEmpty() ? "" : providers.getFirst().model(), evaluate -> {
            providers.stream().findFirst().ifPresent(provider -> provider.settings(evaluate));
            copy(root.at("/evaluateOptions/repeat"), "repeats", evaluate);
            copy(root.at("/evaluateOptions/maxConcurrency"), "concurrency", evaluate);
        });
    }

    private static void copy(JsonNode number, String key, ObjectNode evaluate) {
        if (number.isIntegralNumber() && number.longValue() > 0) {
            evaluate.set(key, number);
        }
    }

    /**
     * Carries over a CSV of tests.
     *
     * @param rows by column, in order
     * @param prompt the prompt with places for the columns; empty to ask the first column
     */
    public static Imported readCsv(List<Map<String, String>> rows, String prompt, String judge) {
        var reader = new PromptfooImport(new Draft(judge), Draft.JSON.createObjectNode());
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
                    if (value.strip().matches("\\d*\\.?\\d+")) {
                        test.put("threshold", Double.parseDouble(value.strip()));
                    }
                } else if (column.startsWith("__")) {
                    if (!value.isBlank() && column.equals("__description")) {
                        test.put("description", value);
                    } else if (!value.isBlank() && column.startsWith("__metadata:")) {
                        test.withObjectProperty("metadata").put(column.substring("__metadata:".length()), value);
                    } else if (!value.isBlank() && !column.equals("__metric")) {
                        reader.draft.leaveOut("The column " + column + " has no counterpart here.");
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
        return reader.done("", evaluate -> {});
    }

    /** {@code contains: x} is an assertion with its type; a text alone is to be equalled. */
    private static ObjectNode written(String value) {
        Matcher typed = Pattern.compile("(?s)^((?:not-)?[a-z][a-z-]*?)(?:\\((\\d*\\.?\\d+)\\))?(?::\\s*(.*))?$")
                .matcher(value);
        if (!typed.matches() || !TYPES.matcher(typed.group(1)).matches()
                || typed.group(3) == null && typed.group(2) == null && !typed.group(1).matches("(?:not-)?is-.*")) {
            return Draft.JSON.createObjectNode().put("type", "equals").put("value", value);
        }
        String type = typed.group(1).equals("grade") ? "llm-rubric" : typed.group(1);
        ObjectNode assertion = Draft.JSON.createObjectNode().put("type", type);
        if (type.matches("(?:not-)?i?contains-(?:any|all)")) {
            ArrayNode list = assertion.putArray("value");
            for (String part : String.valueOf(typed.group(3)).split("\\s*,\\s*")) {
                list.add(part);
            }
        } else if (typed.group(3) != null) {
            assertion.put("value", typed.group(3));
        }
        if (typed.group(2) != null) {
            assertion.put("threshold", Double.parseDouble(typed.group(2)));
        }
        return assertion;
    }

    private Imported done(String model, Consumer<ObjectNode> settings) {
        ObjectNode file = Draft.JSON.createObjectNode();
        ObjectNode evaluate = file.putObject("evaluate").put("model", model.isEmpty() ? "MODEL" : model).put("data",
                "questions.jsonl");
        evaluate.putArray("scorers").add("by_row");
        settings.accept(evaluate);
        if (draft.rows.isEmpty()) {
            draft.leaveOut("No test came over, so there is nothing to ask yet.");
        }
        return draft.done(file);
    }

    private List<String> prompts(JsonNode prompts) {
        var found = new ArrayList<String>();
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
        List<ObjectNode> each = combinations(vars);
        if (each.size() > MOST_COMBINATIONS) {
            draft.leaveOut("The lists in the variables of a test make " + each.size()
                    + " tests, which is too many: " + shortened(vars.toString()) + ".");
            return;
        }
        each.forEach(one -> test(prompts, test, defaults, one));
    }

    /** One test for each choice from variables that are lists, as promptfoo makes them. */
    private static List<ObjectNode> combinations(ObjectNode vars) {
        List<ObjectNode> made = List.of(vars);
        for (var entry : vars.properties()) {
            if (entry.getValue().isArray() && made.size() <= MOST_COMBINATIONS) {
                var more = new ArrayList<ObjectNode>();
                for (ObjectNode one : made) {
                    entry.getValue().forEach(value -> {
                        ObjectNode copy = one.deepCopy();
                        copy.set(entry.getKey(), value);
                        more.add(copy);
                    });
                }
                made = more;
            }
        }
        return made;
    }

    private void test(List<String> prompts, JsonNode test, JsonNode defaults, ObjectNode vars) {
        JsonNode grader = test.at("/options/provider").isMissingNode()
                ? defaults.at("/options/provider")
                : test.at("/options/provider");
        var assertions = new PromptfooAssertions(draft, root.path("assertionTemplates"),
                PromptfooProvider.of(grader).model());
        if (test.path("options").has("transform") || defaults.path("options").has("transform")) {
            draft.leaveOut("A test transforms the answer by a program, which is not carried over.");
        }
        var checks = new PromptfooChecks(draft);
        for (JsonNode from : List.of(defaults.path("assert"), test.path("assert"))) {
            from.forEach(assertion -> checks.add(assertions, assertion, vars));
        }
        JsonNode threshold = test.has("threshold") ? test.get("threshold") : defaults.path("threshold");
        Optional<ObjectNode> check = checks.check(threshold.asDouble(-1));
        for (String prompt : prompts) {
            if (check.isEmpty()) {
                draft.leaveOut("A test has no assertion that came over, so it is not asked: "
                        + shortened(test.path("description").asString(vars.toString())) + ".");
                continue;
            }
            ObjectNode row = Draft.JSON.createObjectNode();
            String filled = PromptfooAssertions.filled(prompt, vars);
            PromptfooAssertions.places(filled).forEach(place -> draft.leaveOut(
                    "The prompt names {{" + place
                            + "}}, for which a test has no variable, so it is asked as it stands."));
            row.set("input", asked(filled));
            row.set("vars", vars);
            if (test.path("description").isString()) {
                row.put("description", test.path("description").asString());
            }
            test.path("metadata").properties()
                    .forEach(e -> row.withObjectProperty("metadata").set(e.getKey(), e.getValue()));
            assertions.reference().ifPresent(text -> row.put("ideal", text));
            row.set("check", check.get());
            draft.rows.add(row);
        }
    }

    /** A prompt that is a JSON list of messages is one; any other is what the user says. */
    private static JsonNode asked(String prompt) {
        if (prompt.strip().startsWith("[")) {
            try {
                JsonNode list = Draft.JSON.readTree(prompt.strip());
                if (list.isArray() && !list.isEmpty() && list.get(0).has("role")) {
                    return list;
                }
            } catch (JacksonException e) {
                return Draft.JSON.getNodeFactory().stringNode(prompt);
            }
        }
        return Draft.JSON.getNodeFactory().stringNode(prompt);
    }

    private static String shortened(String text) {
        return text.length() <= 80
                ? text
                : text.substring(0, text.offsetByCodePoints(0, text.codePointCount(0, 80))) + "…";
    }
}
