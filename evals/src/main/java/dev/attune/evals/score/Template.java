package dev.attune.evals.score;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Text with places to fill: {@code {{item.x}}} and {@code {{item.x.y}}} from the row, {@code {{question}}},
 * {@code {{expected}}} and {@code {{reference}}}, {@code {{sample.output_text}}} and {@code {{output}}} for the answer,
 * {@code {{sample.output_json.x}}} for a field of a JSON answer. A place that the row cannot fill makes it unscorable, never
 * silently empty. What is filled in is not looked at again, so an answer cannot bring places of its own. Immutable.
 */
public final class Template {
    private static final Pattern PLACE = Pattern.compile("\\{\\{\\s*([A-Za-z_][\\w.\\-]*)\\s*}}");

    private final String source;
    private final List<Object> parts;

    private record Place(String path) {}

    private Template(String source, List<Object> parts) {
        this.source = source;
        this.parts = List.copyOf(parts);
    }

    public static Template of(String source) {
        var parts = new ArrayList<Object>();
        Matcher matcher = PLACE.matcher(source);
        int from = 0;
        while (matcher.find()) {
            parts.add(source.substring(from, matcher.start()));
            parts.add(new Place(matcher.group(1)));
            from = matcher.end();
        }
        parts.add(source.substring(from));
        return new Template(source, parts);
    }

    /** As it was written. */
    public String source() {
        return source;
    }

    /** Whether there is nothing to fill. */
    public boolean isPlain() {
        return parts.size() == 1;
    }

    /** @throws UnscorableException where the row or the answer lacks what a place names */
    public String fill(Sample sample) {
        var filled = new StringBuilder();
        for (Object part : parts) {
            filled.append(part instanceof Place place ? value(place.path(), sample) : part);
        }
        return filled.toString();
    }

    private static String value(String path, Sample sample) {
        return switch (path) {
            case "question", "input", "prompt" -> sample.question();
            case "expected", "reference", "ideal" -> sample.reference();
            case "output", "answer", "completion", "sample.output_text" -> sample.text();
            default -> {
                if (path.startsWith("sample.output_json")) {
                    JsonNode json = Json.lenient(sample.text())
                            .orElseThrow(() -> new UnscorableException(
                                    "the answer is not JSON, which {{" + path + "}} needs"));
                    yield field(json, path.substring("sample.output_json".length()), path);
                }
                yield field(sample.item(), path.startsWith("item.") ? path.substring(4) : "." + path, path);
            }
        };
    }

    private static String field(JsonNode from, String dotted, String path) {
        JsonNode node = from;
        for (String key : dotted.split("\\.")) {
            if (!key.isEmpty()) {
                node = node.isArray() && key.matches("\\d{1,6}") ? node.path(Integer.parseInt(key)) : node.path(key);
            }
        }
        if (node.isMissingNode()) {
            throw new UnscorableException("the row has nothing for {{" + path + "}}");
        }
        return node.isString() ? node.asString() : node.toString();
    }
}
