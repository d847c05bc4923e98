package dev.attune.server.jobs;

import dev.attune.server.protocol.Json;
import dev.attune.server.protocol.Metadata;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fine-tuning job as the store knows it.
 *
 * @param seq orders jobs as they were made
 * @param model what it trains, as the request named it: a base model, a tuned model or a checkpoint
 * @param base the base model below that
 * @param suffix empty where the request gave none
 * @param metadata JSON object, or null
 * @param hyperparameters JSON object, as requested: numbers or {@code "auto"}
 * @param resolved JSON object of numbers, once they are known
 * @param error JSON object, where the job failed
 * @param progressSeq the last line of the trainer's progress that is taken over
 * @param lastStep the last optimizer step that an event tells of
 * @param method {@code supervised} or {@code dpo}
 * @param integrations JSON array, or null
 * @param startModel the model here that {@code model} stands for: mostly the same
 * @param organization whose job it is; empty for the server's own
 * @param lora JSON object of the adapter's shape, where its request says one
 * @param training JSON object of what is trained and on what, where its request says it
 */
record Job(long seq, String id, long createdAt, @Nullable Long finishedAt, @Nullable Long estimatedFinish,
        JobStatus status, String model, String base, String suffix, long seed, String trainingFile,
        @Nullable String validationFile, @Nullable String metadata, String hyperparameters, @Nullable String resolved,
        @Nullable String fineTunedModel, @Nullable Long trainedTokens, @Nullable String resultFile,
        @Nullable String error, long progressSeq, int lastStep, String method, @Nullable String integrations,
        String startModel, String organization, @Nullable String lora, @Nullable String training) {

    static Job read(ResultSet row) throws SQLException {
        return new Job(row.getLong("seq"), row.getString("id"), row.getLong("created_at"),
                optionalLong(row, "finished_at"), optionalLong(row, "estimated_finish"),
                JobStatus.of(row.getString("status")), row.getString("model"), row.getString("base"),
                row.getString("suffix"), row.getLong("seed"), row.getString("training_file"),
                row.getString("validation_file"), row.getString("metadata"), row.getString("hyperparameters"),
                row.getString("resolved"), row.getString("fine_tuned_model"), optionalLong(row, "trained_tokens"),
                row.getString("result_file"), row.getString("error"), row.getLong("progress_seq"),
                row.getInt("last_step"), row.getString("method"), row.getString("integrations"), start(row),
                row.getString("organization"), row.getString("lora"), row.getString("training"));
    }

    private static String start(ResultSet row) throws SQLException {
        String start = row.getString("start_model");
        return start == null ? row.getString("model") : start;
    }

    /** Whether it goes on from a tuned model instead of starting at a base. */
    boolean continuesTunedModel() {
        return !startModel.equals(base);
    }

    /** The slug of its organization in names. */
    String slug(String otherwise) {
        return organization.isEmpty() ? otherwise : organization;
    }

    JobWire.Job wire(String servers) {
        String settings = status.isStarted() && resolved != null ? resolved : hyperparameters;
        return new JobWire.Job(id, "fine_tuning.job", createdAt, finishedAt,
                status == JobStatus.RUNNING ? estimatedFinish : null,
                model, fineTunedModel, slug(servers), status.wire(), trainingFile, validationFile,
                resultFile == null ? List.of() : List.of(resultFile), trainedTokens, seed, settings,
                JobMethod.wire(method, settings),
                error == null ? null : Json.MAPPER.readValue(error, JobWire.JobError.class),
                JobIntegrations.wire(integrations, id),
                Metadata.wire(metadata), suffix.isEmpty() ? null : suffix,
                lora, training);
    }

    private static @Nullable Long optionalLong(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }
}
