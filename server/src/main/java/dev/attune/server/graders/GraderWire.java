package dev.attune.server.graders;

import dev.attune.server.protocol.Wire;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What graders write, key for key. */
interface GraderWire extends Wire {
    /** What a grader says of one answer. */
    record GraderResult(double reward, GraderMetadata metadata, JsonNode subRewards,
            JsonNode modelGraderTokenUsagePerModel) implements GraderWire {}

    /** How a grader came to its reward. */
    record GraderMetadata(String name, String type, JsonNode errors, double executionTime, JsonNode scores,
            @Nullable Long tokenUsage, @Nullable String sampledModelName) implements GraderWire {}

    /** A grader that can be run. */
    record ValidGrader(JsonNode grader) implements GraderWire {}
}
