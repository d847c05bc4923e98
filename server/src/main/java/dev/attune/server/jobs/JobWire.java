package dev.attune.server.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.attune.server.protocol.Wire;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What jobs, their events and checkpoints write, key for key. JSON that the store keeps is written on as it is: a list of
 * jobs would otherwise read and write the settings of each.
 */
interface JobWire extends Wire {
    /** A fine-tuning job. */
    record Job(String id, String object, long createdAt, @Nullable Long finishedAt, @Nullable Long estimatedFinish,
            String model, @Nullable String fineTunedModel, String organizationId, String status, String trainingFile,
            @Nullable String validationFile, List<String> resultFiles, @Nullable Long trainedTokens, long seed,
            @JsonRawValue String hyperparameters, Method method, @Nullable JobError error, List<JsonNode> integrations,
            @Nullable Map<String, String> metadata, @Nullable String userProvidedSuffix,
            @JsonInclude(Include.NON_NULL) @Nullable @JsonRawValue String lora,
            @JsonInclude(Include.NON_NULL) @Nullable @JsonRawValue String training) implements JobWire {}

    /** How a job trains. */
    @JsonInclude(Include.NON_NULL)
    record Method(String type, @Nullable MethodSettings supervised, @Nullable MethodSettings dpo) implements JobWire {}

    /** The settings of a way to train. */
    record MethodSettings(@JsonRawValue String hyperparameters) implements JobWire {}

    /** Why a job failed. */
    record JobError(String code, String message, @Nullable String param) implements JobWire {}

    /** An event of a job. */
    record Event(String object, String id, long createdAt, String level, String message, String type,
            @JsonRawValue String data)
            implements
                JobWire {}

    /** A checkpoint of a job. */
    record Checkpoint(String id, String object, long createdAt, String fineTunedModelCheckpoint,
            String fineTuningJobId, int stepNumber, @JsonRawValue String metrics) implements JobWire {}
}
