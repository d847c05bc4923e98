package dev.attune.server.graders;

import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What turns a model's answer into a number, as the protocol names the kinds. Texts are templates. */
sealed interface Grader {
    String name();

    /** As the wire calls it. */
    String type();

    /** 1 where two texts stand to each other as the operation says, else 0. */
    record StringCheck(String name, String input, String reference, String operation) implements Grader {
        static final Set<String> OPERATIONS = Set.of("eq", "ne", "like", "ilike");

        @Override
        public String type() {
            return "string_check";
        }
    }

    /** How alike two texts are, by a measure of {@link GraderSimilarity}. */
    record TextSimilarity(String name, String input, String reference, String metric) implements Grader {
        @Override
        public String type() {
            return "text_similarity";
        }
    }

    /**
     * The number that a model gives.
     *
     * @param sampling keys of a chat request, such as {@code temperature}
     */
    record ScoreModel(String name, String model, List<Turn> input, double low, double high, JsonNode sampling)
            implements
                Grader {
        @Override
        public String type() {
            return "score_model";
        }
    }

    /** 1 where a model gives one of the passing labels, else 0. */
    record LabelModel(String name, String model, List<Turn> input, List<String> labels, List<String> passing)
            implements
                Grader {
        @Override
        public String type() {
            return "label_model";
        }
    }

    /** A formula over the rewards of other graders, by their keys. */
    record Multi(String name, Map<String, Grader> graders, GraderFormula output) implements Grader {
        @Override
        public String type() {
            return "multi";
        }
    }

    /** A message to a model. */
    record Turn(String role, String text) {}
}
