package dev.attune.evals.score;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** 1 where the whole answer is JSON (a Markdown fence aside), and of the shape asked for; else 0. */
final class JsonSchemaScorer implements Scorer {
    private final Optional<JsonShape> shape;

    JsonSchemaScorer(Optional<JsonShape> shape) {
        this.shape = shape;
    }

    @Override
    public String name() {
        return "is_json";
    }

    @Override
    public Score score(Sample sample) {
        Optional<JsonNode> json = Json.lenient(sample.text());
        if (json.isEmpty()) {
            return new Score(0, sample.text().isBlank() ? "the answer is empty" : "the answer is not JSON",
                    "Answer with one JSON value and nothing else.");
        }
        List<String> wrong = shape.map(s -> s.violations(json.get())).orElse(List.of());
        return Score.of(wrong.isEmpty(), String.join("; ", wrong),
                "Keep to the schema: " + String.join("; ", wrong) + ".");
    }
}
