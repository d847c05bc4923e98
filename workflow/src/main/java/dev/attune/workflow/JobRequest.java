package dev.attune.workflow;

import com.openai.core.JsonValue;
import com.openai.models.finetuning.jobs.JobCreateParams;
import java.util.Map;

/**
 * What a fine-tuning job is asked to do.
 *
 * @param trainingFile id of an uploaded file
 * @param validationFile id of an uploaded file, or the empty string for none
 * @param suffix goes into the tuned model's name; the empty string for none
 * @param epochs passes over the data, 1 to 50, or {@link #AUTO}
 * @param batchSize rows in a step, 1 to 256, or {@link #AUTO}
 * @param learningRateMultiplier above 0, or {@link #AUTO}
 * @param seed 0 to 2147483647, or {@link #AUTO} for one that the server chooses
 * @param metadata up to 16 pairs; a job can be found again by them
 * @param settings how it learns and what is trained
 * @param idempotencyKey two requests with the same key make one job, at servers that honour it; the empty string for none
 */
public record JobRequest(String model, String trainingFile, String validationFile, String suffix, int epochs,
        int batchSize,
        double learningRateMultiplier, long seed, TuningSettings settings, Map<String, String> metadata,
        String idempotencyKey) {
    /** Leaves the choice to the server. */
    public static final int AUTO = -1;

    public JobRequest {
        metadata = Map.copyOf(metadata);
    }

    /** A job that leaves everything to the server. */
    public static JobRequest of(String model, String trainingFile) {
        return new JobRequest(model, trainingFile, "", "", AUTO, AUTO, AUTO, AUTO, TuningSettings.PLAIN, Map.of(), "");
    }

    JobCreateParams params() {
        var params = JobCreateParams.builder().model(model).trainingFile(trainingFile);
        settings.addTo(params, epochs, batchSize, learningRateMultiplier);
        if (!validationFile.isEmpty()) {
            params.validationFile(validationFile);
        }
        if (!suffix.isEmpty()) {
            params.suffix(suffix);
        }
        if (seed >= 0) {
            params.seed(seed);
        }
        if (!metadata.isEmpty()) {
            var pairs = JobCreateParams.Metadata.builder();
            metadata.forEach((key, value) -> pairs.putAdditionalProperty(key, JsonValue.from(value)));
            params.metadata(pairs.build());
        }
        if (!idempotencyKey.isEmpty()) {
            params.putAdditionalHeader("Idempotency-Key", idempotencyKey);
        }
        return params.build();
    }
}
