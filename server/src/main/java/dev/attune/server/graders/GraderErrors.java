package dev.attune.server.graders;

import dev.attune.server.protocol.Json;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** What went wrong while an answer was graded; a reward of 0 with the reason, not an HTTP error. Not thread-safe. */
final class GraderErrors {
    /** The kinds, by the protocol's names. */
    enum Kind {
        FORMULA_PARSE_ERROR, SAMPLE_PARSE_ERROR, TRUNCATED_OBSERVATION_ERROR, UNRESPONSIVE_REWARD_ERROR,
        INVALID_VARIABLE_ERROR, OTHER_ERROR, PYTHON_GRADER_SERVER_ERROR, PYTHON_GRADER_RUNTIME_ERROR,
        MODEL_GRADER_SERVER_ERROR, MODEL_GRADER_REFUSAL_ERROR, MODEL_GRADER_PARSE_ERROR
    }

    private final Set<Kind> seen = EnumSet.noneOf(Kind.class);
    private String serverDetails = "";

    void add(Kind kind) {
        seen.add(kind);
    }

    /** A model that could not answer. */
    void server(String details) {
        seen.add(Kind.MODEL_GRADER_SERVER_ERROR);
        serverDetails = details;
    }

    boolean isEmpty() {
        return seen.isEmpty();
    }

    /** All fourteen keys, each time. */
    ObjectNode wire() {
        ObjectNode errors = Json.object();
        for (Kind kind : Kind.values()) {
            errors.put(kind.name().toLowerCase(Locale.ROOT), seen.contains(kind));
        }
        errors.putNull("python_grader_server_error_type");
        errors.putNull("python_grader_runtime_error_details");
        errors.put("model_grader_server_error_details", serverDetails.isEmpty() ? null : serverDetails);
        return errors;
    }
}
