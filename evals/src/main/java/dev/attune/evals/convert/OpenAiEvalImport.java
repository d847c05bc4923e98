package dev.attune.evals.convert;

import dev.attune.evals.convert.Imported.Draft;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAI's evals and graders: {@code string_check}, {@code text_similarity}, {@code score_model}, {@code label_model} and
 * {@code multi}. Python is not carried over: it was run on their machines, and here a program of one's own does it.
 */
public final class OpenAiEvalImport {
    private static final Pattern PLACE = Pattern.compile("\\{\\{\\s*item\\.([\\w.]+)\\s*}}");
    private static final Pattern OUTPUT = Pattern.compile("\\{\\{\\s*sample\\.output_text\\s*}}");
    private static final Pattern OUTPUT_FIELD = Pattern.compile("^\\{\\{\\s*sample\\.output_json\\.([\\w.]+)\\s*}}$");

    private final Draft draft;

    private OpenAiEvalImport(Draft draft) {
        this.draft = draft;
    }

    /** Whether a document looks like one of OpenAI's. */
    public static boolean isOne(JsonNode root) {
        return root.path("testing_criteria").isArray() || !root.at("/method/reinforcement/grader").isMissingNode()
                || root.isArray() && !root.isEmpty() && isGrader(root.get(0)) || isGrader(root);
    }

    private static boolean isGrader(JsonNode root) {
        return root.path("type").isString() && (root.has("calculate_output") || root.has("operation")
                || root.has("evaluation_metric") || root.path("type").asString()
                        .matches("score_model|label_model|python|string_check|text_similarity|multi"));
    }

    /**
     * Carries over.
     *
     * @param root an eval with {@code testing_criteria}, or one grader
     * @param judge the model that judges; empty to take the one that the grader names
     */
    public static Imported read(JsonNode root, String judge) {
        return new OpenAiEvalImport(new Draft(judge)).eval(root);
    }

    private Imported eval(JsonNode root) {
        ObjectNode file = Draft.JSON.createObjectNode();
        ObjectNode evaluate = file.putObject("evaluate").put("model", "MODEL").put("data", "questions.jsonl");
        ArrayNode scorers = evaluate.putArray("scorers");
        JsonNode criteria = criteria(root);
        int number = 0;
        for (JsonNode grader : criteria) {
            number++;
            String name = grader.path("name").asString("grader " + number);
            grader(name, grader).ifPresent(scorer -> scorers.add(named(scorer, name)));
        }
        rows(root.path("data_source"));
        rows(root.path("data_source_config"));
        if (draft.rows.isEmpty()) {
            draft.note(
                    "There are no questions in it: write them to questions.jsonl, one {\"item\": {…}} a line, with input or messages in the item.");
        }
        if (scorers.isEmpty()) {
            draft.leaveOut("No grader came over, so the evaluation has no scorers yet.");
        }
        return draft.done(file);
    }

    /** The graders of an eval, of a list, of a job's reinforcement, or the grader itself. */
    private static JsonNode criteria(JsonNode root) {
        if (root.isArray()) {
            return root;
        }
        if (root.path("testing_criteria").isArray()) {
            return root.get("testing_criteria");
        }
        JsonNode job = root.at("/method/reinforcement/grader");
        return Draft.JSON.createArrayNode().add(job.isMissingNode() ? root : job);
    }

    private void rows(JsonNode source) {
        JsonNode content = source.path("source").path("content").isArray()
                ? source.path("source").get("content")
                : source.path("content");
        JsonNode template = source.path("input_messages").path("template");
        for (JsonNode row : content) {
            if (row instanceof ObjectNode object) {
                draft.rows.add(template.isArray() ? asked(object.deepCopy(), template) : object);
            }
        }
        JsonNode kind = source.path("source").path("type");
        if (kind.isString() && !kind.asString().equals("file_content")) {
            draft.leaveOut("The questions come from " + kind.asString()
                    + ", which is not reached: download them, and write them to questions.jsonl, one {\"item\": {…}} a line.");
        }
    }

    /** The row with the messages that the run made of it; what a place names and the row lacks stays as it is written. */
    private static ObjectNode asked(ObjectNode row, JsonNode template) {
        ObjectNode item = row.path("item") instanceof ObjectNode own ? own : row;
        ArrayNode messages = Draft.JSON.createArrayNode();
        for (JsonNode message : template) {
            messages.addObject().put("role", message.path("role").asString("user")).put("content",
                    PLACE.matcher(text(message.path("content"))).replaceAll(match -> {
                        JsonNode value = item.at("/" + match.group(1).replace('.', '/'));
                        return Matcher.quoteReplacement(value.isMissingNode()
                                ? match.group()
                                : value.isString() ? value.asString() : value.toString());
                    }));
        }
        item.set("messages", messages);
        return row;
    }

    /** A message's text: plain, or of its parts of type {@code text} or {@code input_text}. */
    private static String text(JsonNode content) {
        if (content.isString()) {
            return content.asString();
        }
        var text = new StringBuilder();
        for (JsonNode part : content.isArray() ? content : List.of(content)) {
            text.append(part.isString() ? part.asString() : part.path("text").asString(""));
        }
        return text.toString();
    }

    private static ObjectNode named(ObjectNode scorer, String name) {
        var entry = scorer.properties().iterator().next();
        if (entry.getValue() instanceof ObjectNode options) {
            options.put("name", name);
        }
        return scorer;
    }

    private Optional<ObjectNode> grader(String name, JsonNode grader) {
        return switch (grader.path("type").asString("")) {
            case "string_check" -> stringCheck(name, grader);
            case "text_similarity" -> similarity(name, grader);
            case "score_model" -> scoreModel(name, grader);
            case "label_model" -> labelModel(name, grader);
            case "multi" -> multi(name, grader);
            case "python" -> {
                draft.leaveOut("The Python grader \"" + name
                        + "\" is not carried over: put its grade function into a program that reads one JSON"
                        + " line for each answer and writes {\"score\": …}, and name it as process: {command: [python3, grader.py]}.");
                yield Optional.empty();
            }
            default -> {
                draft.leaveOut("The grader \"" + name + "\" is of the unknown type \""
                        + grader.path("type").asString("") + "\".");
                yield Optional.empty();
            }
        };
    }

    private Optional<ObjectNode> stringCheck(String name, JsonNode grader) {
        String operation = grader.path("operation").asString("");
        String kind = switch (operation) {
            case "eq" -> "equals";
            case "ne" -> "not_equals";
            case "like" -> "contains_all";
            case "ilike" -> "icontains_all";
            default -> "";
        };
        if (kind.isEmpty()) {
            draft.leaveOut("The grader \"" + name + "\" has the unknown operation \"" + operation + "\".");
            return Optional.empty();
        }
        String input = grader.path("input").asString("");
        String reference = grader.path("reference").asString("");
        boolean turned = operation.length() == 2 && !input.contains("sample.") && reference.contains("sample.");
        ObjectNode options = Draft.JSON.createObjectNode();
        options.putArray("value").add(turned ? input : reference);
        return of(name, turned ? reference : input, Draft.JSON.createObjectNode().set(kind, options));
    }

    private Optional<ObjectNode> similarity(String name, JsonNode grader) {
        String metric = grader.path("evaluation_metric").asString("");
        String kind = switch (metric) {
            case "fuzzy_match" -> "levenshtein";
            case "bleu", "gleu", "meteor", "cosine", "rouge_1", "rouge_2", "rouge_3", "rouge_4", "rouge_5", "rouge_l" ->
                metric;
            default -> "";
        };
        if (kind.isEmpty()) {
            draft.leaveOut("The grader \"" + name + "\" has the unknown metric \"" + metric + "\".");
            return Optional.empty();
        }
        switch (metric) {
            case "cosine" ->
                draft.note("cosine is that of word counts here, not of embeddings: set its threshold anew.");
            case "fuzzy_match" -> draft.note("fuzzy_match became levenshtein, whose figures differ a little.");
            case "meteor" ->
                draft.note("meteor counts exact words only here, without stems and synonyms: its figures are lower.");
            default -> {
            }
        }
        ObjectNode options = Draft.JSON.createObjectNode().put("value", grader.path("reference").asString(""));
        if (grader.path("pass_threshold").isNumber()) {
            options.set("threshold", grader.get("pass_threshold"));
        }
        return of(name, grader.path("input").asString(""), Draft.JSON.createObjectNode().set(kind, options));
    }

    /** The scorer over what the grader looks at: the whole answer, or a field of it. */
    private Optional<ObjectNode> of(String name, String input, ObjectNode scorer) {
        Matcher field = OUTPUT_FIELD.matcher(input.strip());
        if (field.matches()) {
            ObjectNode options = Draft.JSON.createObjectNode().put("path", field.group(1));
            options.set("scorer", scorer);
            return Optional.of(Draft.JSON.createObjectNode().set("json_path", options));
        }
        if (!OUTPUT.matcher(input.strip()).matches()) {
            draft.leaveOut("The grader \"" + name + "\" looks at \"" + input
                    + "\"; only {{sample.output_text}} or one field of {{sample.output_json}} is carried over.");
            return Optional.empty();
        }
        return Optional.of(scorer);
    }

    private Optional<ObjectNode> scoreModel(String name, JsonNode grader) {
        JsonNode range = grader.path("range");
        if (range.size() == 2 && (range.get(0).doubleValue() != 0 || range.get(1).doubleValue() != 1)) {
            draft.note("The judge of \"" + name + "\" graded from " + range.get(0) + " to " + range.get(1)
                    + " and grades from 0 to 1 now; look through its instructions.");
        }
        return draft.judge("The grader \"" + name + "\"", grader.path("model").asString("")).map(options -> {
            options.put("rubric", instructions(grader)).put("scale", "0-1");
            if (grader.path("pass_threshold").isNumber()) {
                double low = range.size() == 2 ? range.get(0).doubleValue() : 0;
                double high = range.size() == 2 ? range.get(1).doubleValue() : 1;
                options.put("threshold",
                        Math.clamp((grader.get("pass_threshold").doubleValue() - low) / (high - low), 0.0, 1.0));
            }
            return Draft.JSON.createObjectNode().set("judge", options);
        });
    }

    private Optional<ObjectNode> labelModel(String name, JsonNode grader) {
        return draft.judge("The grader \"" + name + "\"", grader.path("model").asString("")).map(options -> {
            options.put("instructions", instructions(grader));
            options.set("labels", grader.path("labels"));
            options.set("passing_labels", grader.path("passing_labels"));
            return Draft.JSON.createObjectNode().set("judge", options);
        });
    }

    /** The grader's messages as one text; the answer itself is not put into instructions but stands below them, guarded. */
    private static String instructions(JsonNode grader) {
        var text = new StringBuilder();
        for (JsonNode message : grader.path("input")) {
            text.append(text(message.path("content"))).append("\n\n");
        }
        return OUTPUT.matcher(text.toString().strip()).replaceAll("(the answer below)");
    }

    private Optional<ObjectNode> multi(String name, JsonNode grader) {
        ObjectNode options = Draft.JSON.createObjectNode().put("is", grader.path("calculate_output").asString("0"));
        ObjectNode scorers = options.putObject("scorers");
        boolean all = true;
        for (var part : grader.path("graders").properties()) {
            Optional<ObjectNode> scorer = grader(part.getValue().path("name").asString(part.getKey()), part.getValue());
            scorer.ifPresent(s -> scorers.set(part.getKey(), s));
            all &= scorer.isPresent();
        }
        if (!all) {
            draft.leaveOut("The grader \"" + name + "\" is made of others, of which not all came over.");
            return Optional.empty();
        }
        return Optional.of(Draft.JSON.createObjectNode().set("formula", options));
    }
}
