package dev.attune.server.graders;

import dev.attune.server.protocol.Json;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Texts with places to fill in: {@code {{item.question}}}, {@code {{sample.output_text}}},
 * {@code {{sample.output_json.name}}}, {@code {{sample.choices[0].message.content}}}. Immutable.
 */
final class GraderTemplate {
    private static final Pattern PLACE = Pattern.compile("\\{\\{([^{}]*)\\}\\}");
    private static final String NAME = "[\\p{L}_][\\p{L}\\p{N}_-]*";
    private static final Pattern PATH = Pattern
            .compile("(?:item|sample)(?:\\." + NAME + "|\\[\\d+\\]|\\['[^']*'\\]|\\[\"[^\"]*\"\\])*");
    private static final Pattern STEP = Pattern
            .compile("\\.(" + NAME + ")|\\[(\\d+)\\]|\\['([^']*)'\\]|\\[\"([^\"]*)\"\\]");

    private GraderTemplate() {}

    /** A place that a sample or item does not have. */
    static final class MissingException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final boolean ofOutputJson;

        MissingException(String path) {
            super("There is nothing at {{" + path + "}}", null, false, false);
            ofOutputJson = path.startsWith("sample.output_json");
        }

        /** Whether the answer should have been JSON. */
        boolean isOfOutputJson() {
            return ofOutputJson;
        }
    }

    /** What is wrong with a template, or the empty text. */
    static String fault(String template) {
        Matcher place = PLACE.matcher(template);
        while (place.find()) {
            String path = place.group(1).strip();
            if (!PATH.matcher(path).matches()) {
                return "{{" + path + "}} does not name a place; begin with item or sample, as in {{item.answer}} or"
                        + " {{sample.output_text}}";
            }
        }
        return "";
    }

    /** What templates can name of an answer and its item. */
    static ObjectNode context(String sample, JsonNode item) {
        ObjectNode context = Json.object();
        context.set("item", item);
        ObjectNode output = context.putObject("sample").put("output_text", sample);
        try {
            output.set("output_json", Json.tree(sample));
        } catch (JacksonException e) {
            // An answer that is not JSON has no such places.
        }
        output.putArray("output_tools");
        output.putArray("choices").addObject().putObject("message").put("role", "assistant").put("content", sample);
        return context;
    }

    /** @throws MissingException where a place is not there */
    static String fill(String template, ObjectNode context) {
        return PLACE.matcher(template)
                .replaceAll(place -> Matcher.quoteReplacement(text(place.group(1).strip(), context)));
    }

    private static String text(String path, ObjectNode context) {
        JsonNode at = context.path(path.startsWith("item") ? "item" : "sample");
        Matcher step = STEP.matcher(path);
        while (step.find()) {
            if (step.group(2) != null) {
                at = at.path(Integer.parseInt(step.group(2)));
            } else {
                String name = step.group(1) != null
                        ? step.group(1)
                        : step.group(3) != null ? step.group(3) : step.group(4);
                at = at.path(name);
            }
        }
        if (at.isMissingNode()) {
            throw new MissingException(path);
        }
        return at.isString() ? at.stringValue() : at.toString();
    }
}
