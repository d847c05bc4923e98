package dev.attune.workflow;

import com.openai.models.finetuning.jobs.FineTuningJob;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A fine-tuning job as the server last described it. What is not known is the empty string, −1, or the epoch
 * ({@link Instant#EPOCH}).
 *
 * @param status as the wire writes it, unknown words included: {@code validating_files}, {@code queued}, {@code running},
 *        {@code paused}, {@code succeeded}, {@code failed}, {@code cancelled}
 * @param model the base model
 * @param tunedModel the model that came out
 * @param hyperparameters as the server resolved them, or {@code auto}
 */
public record TuningJob(String id, String status, String model, String tunedModel, String trainingFile,
        String validationFile,
        List<String> resultFiles, Map<String, String> hyperparameters, Map<String, String> metadata, long seed,
        long trainedTokens,
        String errorCode, String errorMessage, Instant createdAt, Instant finishedAt, Instant estimatedFinish) {
    private static final Set<String> TERMINAL = Set.of("succeeded", "failed", "cancelled");

    public TuningJob {
        resultFiles = List.copyOf(resultFiles);
        hyperparameters = Map.copyOf(hyperparameters);
        metadata = Map.copyOf(metadata);
    }

    /** Whether nothing more will happen to it. */
    public boolean isTerminal() {
        return TERMINAL.contains(status);
    }

    public boolean succeeded() {
        return status.equals("succeeded");
    }

    /** Reads what the server sent, however far it strays from the schema: {@code error:{}}, missing keys, nulls. */
    static TuningJob of(FineTuningJob job) {
        var error = job._error().asKnown();
        return new TuningJob(WireValues.text(job._id()),
                job._status().asKnown().map(FineTuningJob.Status::asString).orElse(""),
                WireValues.text(job._model()),
                WireValues.text(job._fineTunedModel()),
                WireValues.text(job._trainingFile()),
                WireValues.text(job._validationFile()),
                job._resultFiles().asKnown().orElse(List.of()),
                job._hyperparameters().asKnown().map(h -> WireValues.scalars(h._allProperties())).orElse(Map.of()),
                job._metadata().asKnown().map(m -> WireValues.scalars(m._allProperties())).orElse(Map.of()),
                WireValues.number(job._seed(), -1),
                WireValues.number(job._trainedTokens(), -1),
                error.map(e -> WireValues.text(e._code())).orElse(""),
                error.map(e -> WireValues.text(e._message())).orElse(""),
                time(WireValues.number(job._createdAt(), 0)),
                time(WireValues.number(job._finishedAt(), 0)),
                time(WireValues.number(job._estimatedFinish(), 0)));
    }

    private static Instant time(long unixSeconds) {
        return Instant.ofEpochSecond(Math.max(0, unixSeconds));
    }
}
