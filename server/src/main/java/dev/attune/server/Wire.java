package dev.attune.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the server writes, key for key, in the strict form that every official client and the published schemas accept:
 * {@code error} is null and never an empty object, {@code hyperparameters} and {@code data} are always objects, every
 * required key is present.
 */
interface Wire {

    /** A file. */
    record FileObject(String id, String object, long bytes, long createdAt,
            @JsonInclude(Include.NON_NULL) @Nullable Long expiresAt, String filename, String purpose, String status)
            implements
                Wire {}

    /** A list with the ids of its ends; empty strings where it is empty. */
    record FileList(String object, List<FileObject> data, String firstId, String lastId, boolean hasMore)
            implements
                Wire {}

    /** A file that comes in parts; {@code file} once it is whole. */
    record UploadObject(String id, String object, long bytes, long createdAt, long expiresAt, String filename,
            String purpose, String status, @JsonInclude(Include.NON_NULL) @Nullable FileObject file)
            implements
                Wire {}

    /** A part of an upload. */
    record UploadPart(String id, String object, long createdAt, String uploadId) implements Wire {}

    /** What a delete answers. */
    record Deleted(String id, String object, boolean deleted) implements Wire {}

    /** A fine-tuning job. */
    record Job(String id, String object, long createdAt, @Nullable Long finishedAt, @Nullable Long estimatedFinish,
            String model, @Nullable String fineTunedModel, String organizationId, String status, String trainingFile,
            @Nullable String validationFile, List<String> resultFiles, @Nullable Long trainedTokens, long seed,
            JsonNode hyperparameters, Method method, @Nullable JobError error, List<JsonNode> integrations,
            @Nullable Map<String, String> metadata, @Nullable String userProvidedSuffix,
            @JsonInclude(Include.NON_NULL) @Nullable JsonNode lora,
            @JsonInclude(Include.NON_NULL) @Nullable JsonNode training) implements Wire {}

    /** How a job trains. */
    @JsonInclude(Include.NON_NULL)
    record Method(String type, @Nullable MethodSettings supervised, @Nullable MethodSettings dpo) implements Wire {}

    /** The settings of a way to train. */
    record MethodSettings(JsonNode hyperparameters) implements Wire {}

    /** Why a job failed. */
    record JobError(String code, String message, @Nullable String param) implements Wire {}

    /** An event of a job. */
    record Event(String object, String id, long createdAt, String level, String message, String type, JsonNode data)
            implements
                Wire {}

    /** A checkpoint of a job. */
    record Checkpoint(String id, String object, long createdAt, String fineTunedModelCheckpoint,
            String fineTuningJobId, int stepNumber, JsonNode metrics) implements Wire {}

    /** Many requests in one file; a time that has not come is left out. */
    @JsonInclude(Include.NON_NULL)
    record Batch(String id, String object, String endpoint, @Nullable String model, @Nullable BatchErrors errors,
            String inputFileId, String completionWindow, String status, @Nullable String outputFileId,
            @Nullable String errorFileId, long createdAt, @Nullable Long inProgressAt, long expiresAt,
            @Nullable Long finalizingAt, @Nullable Long completedAt, @Nullable Long failedAt,
            @Nullable Long expiredAt, @Nullable Long cancellingAt, @Nullable Long cancelledAt,
            BatchCounts requestCounts, BatchUsage usage,
            @JsonInclude(Include.ALWAYS) @Nullable Map<String, String> metadata) implements Wire {}

    /** What is wrong with a batch's file. */
    record BatchErrors(String object, List<BatchError> data) implements Wire {}

    /** Something wrong, with its line from 1 where it has one. */
    record BatchError(String code, String message, @Nullable String param, @Nullable Integer line) implements Wire {}

    /** How many requests there are, were answered, and could not be. */
    record BatchCounts(int total, int completed, int failed) implements Wire {}

    /** Tokens of all answers. */
    record BatchUsage(long inputTokens, CachedTokens inputTokensDetails, long outputTokens,
            ReasoningTokens outputTokensDetails, long totalTokens) implements Wire {
        static BatchUsage of(long in, long out) {
            return new BatchUsage(in, new CachedTokens(0), out, new ReasoningTokens(0), in + out);
        }
    }

    /** Tokens that were read from a cache. */
    record CachedTokens(long cachedTokens) implements Wire {}

    /** Tokens that were thought and not said. */
    record ReasoningTokens(long reasoningTokens) implements Wire {}

    /** That a project may use a checkpoint. */
    record Permission(String id, String object, long createdAt, String projectId) implements Wire {}

    /** A list with the ids of its ends, null where it is empty. */
    record EndedList<T>(String object, List<T> data, @Nullable String firstId, @Nullable String lastId,
            boolean hasMore) implements Wire {
        static <T> EndedList<T> of(Page<T> page, Function<T, String> id) {
            List<T> data = page.items();
            return new EndedList<>("list", data, data.isEmpty() ? null : id.apply(data.getFirst()),
                    data.isEmpty() ? null : id.apply(data.getLast()), page.hasMore());
        }
    }

    /** What a webhook is told. */
    record WebhookEvent(String id, String object, long createdAt, String type, WebhookSubject data) implements Wire {}

    /** Of which job or batch. */
    record WebhookSubject(String id) implements Wire {}

    /** What a grader says of one answer. */
    record GraderResult(double reward, GraderMetadata metadata, JsonNode subRewards,
            JsonNode modelGraderTokenUsagePerModel) implements Wire {}

    /** How a grader came to its reward. */
    record GraderMetadata(String name, String type, JsonNode errors, double executionTime, JsonNode scores,
            @Nullable Long tokenUsage, @Nullable String sampledModelName) implements Wire {}

    /** A grader that can be run. */
    record ValidGrader(JsonNode grader) implements Wire {}

    /** A list whose end is told by {@code has_more}. */
    record Listing<T>(String object, List<T> data, boolean hasMore) implements Wire {
        static <T> Listing<T> of(Page<T> page) {
            return new Listing<>("list", page.items(), page.hasMore());
        }
    }

    /** A model; {@code shutdown_date} is null because a model of one's own is never shut down. */
    record Model(String id, String object, long created, String ownedBy, @Nullable String shutdownDate)
            implements
                Wire {}

    /** All models. */
    record ModelList(String object, List<Model> data) implements Wire {}
}
