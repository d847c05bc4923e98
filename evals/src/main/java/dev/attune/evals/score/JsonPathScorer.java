package dev.attune.evals.score;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** What stands at a path of a JSON answer: that it is there, or that another scorer likes it. */
final class JsonPathScorer implements Scorer {
    private final String path;
    private final Scorer value;
    private final boolean onlyThere;

    /** @param onlyThere whether the value itself does not matter */
    JsonPathScorer(String path, Scorer value, boolean onlyThere) {
        this.path = path;
        this.value = value;
        this.onlyThere = onlyThere;
    }

    @Override
    public String name() {
        return "json_path";
    }

    @Override
    public List<Scorer> parts() {
        return List.of(value);
    }

    @Override
    public Score score(Sample sample) {
        JsonNode found = Json.lenient(sample.text()).map(json -> Json.at(json, path)).orElse(null);
        if (found == null) {
            return new Score(0, "the answer is not JSON");
        }
        if (found.isMissingNode()) {
            return new Score(0, "the answer has nothing at " + path);
        }
        if (onlyThere) {
            return Score.right();
        }
        JsonNode wanted = Json.lenient(sample.expected()).filter(JsonNode::isContainer).map(json -> Json.at(json, path))
                .filter(node -> !node.isMissingNode()).orElse(null);
        return value.score(new Sample(sample.item(), sample.question(), wanted == null ? "" : Json.text(wanted),
                wanted != null, Answer.of(Json.text(found))));
    }
}
