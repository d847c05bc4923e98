package dev.attune.server.graders;

import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Fields;
import dev.attune.server.protocol.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads graders from requests; what is wrong is named by its place, {@code grader.graders.exact.operation}. */
final class GraderReader {
    private static final Set<String> SAMPLING = Set.of("seed", "top_p", "temperature", "max_completions_tokens",
            "reasoning_effort");

    private GraderReader() {}

    /**
     * @throws ApiException 400, naming the place
     */
    static Grader of(Fields grader) {
        return of(grader, true);
    }

    private static Grader of(Fields grader, boolean outermost) {
        String type = grader.required("type");
        return switch (type) {
            case "string_check" -> {
                grader.refuseExtra(Set.of("type", "name", "input", "reference", "operation"));
                yield new Grader.StringCheck(grader.required("name"), template(grader, "input"),
                        template(grader, "reference"), choice(grader, "operation", Grader.StringCheck.OPERATIONS));
            }
            case "text_similarity" -> {
                grader.refuseExtra(Set.of("type", "name", "input", "reference", "evaluation_metric"));
                yield new Grader.TextSimilarity(grader.required("name"), template(grader, "input"),
                        template(grader, "reference"),
                        choice(grader, "evaluation_metric", GraderSimilarity.METRICS.keySet()));
            }
            case "score_model" -> scoreModel(grader);
            case "label_model" -> labelModel(grader);
            case "multi" -> {
                if (!outermost) {
                    throw invalid(grader, "type", "a multi grader cannot stand inside another one");
                }
                yield multi(grader);
            }
            case "python" -> throw ApiException.badRequest("A python grader would run foreign code with this server's"
                    + " rights, so this server runs none; use string_check, text_similarity, score_model, label_model"
                    + " or multi.", grader.at() + "type", "unsupported_grader");
            default -> throw ApiException.badRequest("Invalid value: '" + type + "'. Supported values are:"
                    + " 'string_check', 'text_similarity', 'score_model', 'label_model', and 'multi'.",
                    grader.at() + "type", "invalid_value");
        };
    }

    private static Grader scoreModel(Fields grader) {
        grader.refuseExtra(Set.of("type", "name", "model", "input", "range", "sampling_params"));
        double low = 0;
        double high = 1;
        if (grader.has("range")) {
            List<JsonNode> range = grader.array("range");
            if (range.size() != 2 || !range.stream().allMatch(JsonNode::isNumber)
                    || range.getFirst().asDouble() >= range.getLast().asDouble()) {
                throw invalid(grader, "range", "expected two numbers, the lower one first");
            }
            low = range.getFirst().asDouble();
            high = range.getLast().asDouble();
        }
        Fields sampling = grader.object("sampling_params");
        sampling.refuseExtra(SAMPLING);
        ObjectNode options = Json.object();
        sampling.node().properties().forEach(option -> {
            if (!option.getValue().isNull()) {
                options.set(option.getKey().equals("max_completions_tokens")
                        ? "max_completion_tokens"
                        : option.getKey(), option.getValue());
            }
        });
        return new Grader.ScoreModel(grader.required("name"), grader.required("model"), turns(grader), low, high,
                options);
    }

    private static Grader labelModel(Fields grader) {
        grader.refuseExtra(Set.of("type", "name", "model", "input", "labels", "passing_labels"));
        List<String> labels = texts(grader, "labels");
        List<String> passing = texts(grader, "passing_labels");
        if (!labels.containsAll(passing)) {
            throw invalid(grader, "passing_labels", "each must be one of the labels");
        }
        return new Grader.LabelModel(grader.required("name"), grader.required("model"), turns(grader), labels, passing);
    }

    /** The published schema has one grader there; what people send is an object of graders by their keys. */
    private static Grader multi(Fields grader) {
        grader.refuseExtra(Set.of("type", "name", "graders", "calculate_output"));
        String name = grader.required("name");
        if (!grader.has("graders")) {
            throw grader.missing("graders");
        }
        Fields inner = grader.object("graders");
        Map<String, Grader> graders = new LinkedHashMap<>();
        if (inner.node().path("type").isString()) {
            Grader only = of(inner, false);
            graders.put(only.name(), only);
        } else {
            inner.node().propertyNames().forEach(key -> graders.put(key, of(inner.object(key), false)));
        }
        if (graders.isEmpty()) {
            throw invalid(grader, "graders", "expected at least one grader");
        }
        String source = grader.required("calculate_output");
        try {
            GraderFormula formula = GraderFormula.of(source);
            for (String used : formula.names()) {
                if (!graders.containsKey(used)) {
                    throw invalid(grader, "calculate_output", "there is no grader '" + used + "'");
                }
            }
            return new Grader.Multi(name, graders, formula);
        } catch (IllegalArgumentException e) {
            throw invalid(grader, "calculate_output", String.valueOf(e.getMessage()));
        }
    }

    private static List<Grader.Turn> turns(Fields grader) {
        if (!grader.has("input")) {
            throw grader.missing("input");
        }
        var turns = new ArrayList<Grader.Turn>();
        for (JsonNode item : grader.array("input")) {
            String at = grader.at() + "input[" + turns.size() + "].";
            if (!(item instanceof ObjectNode object)) {
                throw invalid(grader, "input", "each item must be an object with 'role' and 'content'");
            }
            Fields turn = new Fields(object, at);
            turn.refuseExtra(Set.of("role", "content", "type"));
            String role = choice(turn, "role", Set.of("user", "assistant", "system", "developer"));
            turns.add(new Grader.Turn(role, text(turn)));
        }
        if (turns.isEmpty()) {
            throw invalid(grader, "input", "expected at least one message");
        }
        return turns;
    }

    private static String text(Fields turn) {
        JsonNode content = turn.value("content");
        List<JsonNode> parts = content.isArray() ? List.copyOf(content.values()) : List.of(content);
        var text = new StringBuilder();
        for (JsonNode part : parts) {
            String type = part.path("type").asString("");
            if (part.isString()) {
                text.append(part.stringValue());
            } else if ((type.equals("input_text") || type.equals("output_text")) && part.path("text").isString()) {
                text.append(part.path("text").stringValue());
            } else {
                throw invalid(turn, "content", "expected a text, or {\"type\": \"input_text\", \"text\": …}; images and"
                        + " audio are not read on this server");
            }
        }
        requireTemplate(turn, "content", text.toString());
        return text.toString();
    }

    private static String template(Fields grader, String key) {
        String text = grader.required(key);
        requireTemplate(grader, key, text);
        return text;
    }

    private static void requireTemplate(Fields fields, String key, String text) {
        String fault = GraderTemplate.fault(text);
        if (!fault.isEmpty()) {
            throw invalid(fields, key, fault);
        }
    }

    private static String choice(Fields grader, String key, Set<String> values) {
        String value = grader.required(key);
        if (!values.contains(value)) {
            throw ApiException.badRequest("Invalid value: '" + value + "'. Supported values are: "
                    + values.stream().sorted().map(v -> "'" + v + "'").toList() + ".", grader.at() + key,
                    "invalid_value");
        }
        return value;
    }

    private static List<String> texts(Fields grader, String key) {
        List<JsonNode> values = grader.array(key);
        if (values.isEmpty() || !values.stream().allMatch(JsonNode::isString)) {
            throw invalid(grader, key, "expected an array of strings");
        }
        return values.stream().map(JsonNode::stringValue).toList();
    }

    private static ApiException invalid(Fields fields, String key, String why) {
        return ApiException.badRequest("Invalid '" + fields.at() + key + "': " + why + ".", fields.at() + key);
    }
}
