package dev.attune.evals.score;

import dev.attune.evals.config.ConfigNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What form the answer has: JSON with its fields, by a schema or a path; XML, HTML, SQL. */
final class StructureKinds {
    private StructureKinds() {}

    static Map<String, ScorerKind> all() {
        var kinds = new LinkedHashMap<String, ScorerKind>();
        kinds.put("json_fields", (o, s) -> new JsonFieldsScorer(fields(o, s)));
        kinds.put("is_json", (o, s) -> new JsonSchemaScorer(schema(o)));
        kinds.put("json_path", StructureKinds::jsonPath);
        kinds.put("contains_json", (o, s) -> new ContainsJsonScorer(schema(o)));
        kinds.put("is_xml", (o, s) -> new XmlScorer());
        kinds.put("is_html", (o, s) -> new ShapeScorer("is_html", "HTML", MarkupShape::wrong));
        kinds.put("is_sql", (o, s) -> new ShapeScorer("is_sql", "SQL", SqlShape::wrong));
        return kinds;
    }

    private static Map<String, Scorer> fields(ConfigNode options, Scorers scorers) {
        var rules = new LinkedHashMap<String, Scorer>();
        ConfigNode fields = options.section("fields");
        fields.entries().forEach(
                (field, rule) -> rules.put(field, scorers.read(options.problems(), fields.pointer(field), rule)));
        return rules;
    }

    private static Optional<JsonShape> schema(ConfigNode options) {
        if (!options.has("schema")) {
            return Optional.empty();
        }
        try {
            return Optional.of(JsonShape.of(options.get("schema")));
        } catch (IllegalArgumentException e) {
            options.problem("schema", "cannot be used: " + String.valueOf(e.getMessage()).replaceFirst("\\.$", ""));
            return Optional.empty();
        }
    }

    private static Scorer jsonPath(ConfigNode options, Scorers scorers) {
        String path = options.has("value") ? options.required("value") : options.required("path");
        boolean onlyThere = !options.has("scorer") && !options.has("equals");
        Scorer value = options.has("scorer")
                ? scorers.read(options.problems(), options.pointer("scorer"), options.get("scorer"))
                : new TextMatch("equals", TextMatch.How.EQUALS, TextMatch.Several.ANY,
                        options.texts("equals", List.of()), false);
        return new JsonPathScorer(path, value, onlyThere);
    }
}
