package dev.attune.evals.score;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;

/** 1 where a JSON object or list stands somewhere in the answer, of the shape asked for; else 0. */
final class ContainsJsonScorer implements Scorer {
    /** Brackets beyond this many are not looked at. */
    private static final int MOST = 1_000;

    private final Optional<JsonShape> shape;
    private final ObjectReader reader = Json.MAPPER.reader()
            .without(tools.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    ContainsJsonScorer(Optional<JsonShape> shape) {
        this.shape = shape;
    }

    @Override
    public String name() {
        return "contains_json";
    }

    @Override
    public Score score(Sample sample) {
        String text = sample.text();
        int looked = 0;
        String wrong = "";
        for (int i = 0; i < text.length() && looked < MOST; i++) {
            if (text.charAt(i) == '{' || text.charAt(i) == '[') {
                looked++;
                Optional<JsonNode> found = at(text.substring(i));
                String said = found.map(json -> shape.map(s -> String.join("; ", s.violations(json))).orElse(""))
                        .orElse("");
                if (found.isPresent() && said.isEmpty()) {
                    return Score.right();
                }
                wrong = wrong.isEmpty() ? said : wrong;
            }
        }
        return new Score(0, wrong.isEmpty() ? "the answer has no JSON in it" : wrong,
                wrong.isEmpty() ? "Put a JSON object into the answer." : "Keep to the schema: " + wrong + ".");
    }

    private Optional<JsonNode> at(String text) {
        try {
            return Optional.ofNullable(reader.readTree(text)).filter(JsonNode::isContainer);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}
