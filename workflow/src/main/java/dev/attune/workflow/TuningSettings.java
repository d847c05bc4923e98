package dev.attune.workflow;

import com.openai.core.JsonValue;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.methods.DpoHyperparameters;
import com.openai.models.finetuning.methods.DpoMethod;
import com.openai.models.finetuning.methods.SupervisedHyperparameters;
import com.openai.models.finetuning.methods.SupervisedMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a job learns and what it trains, by the names that the wire has for it. {@code lora} and {@code training} are keys that
 * Attune's server has and others do not.
 *
 * @param method {@code supervised} or {@code dpo}
 * @param beta of {@code dpo}, above 0, at most 2, or {@link JobRequest#AUTO}
 * @param lora the adapter's shape, by PEFT's names; numbers, texts, flags, lists and maps
 * @param training what is trained, on how much of long rows, beside which other rows, and when it stops; its
 *            {@code replay_file} is a path until the file is uploaded, then an id
 */
public record TuningSettings(String method, double beta, Map<String, Object> lora, Map<String, Object> training) {
    /** The methods that there are. */
    public static final List<String> METHODS = List.of("supervised", "dpo");
    /** The key of the general rows' file in {@code training}. */
    public static final String REPLAY_FILE = "replay_file";
    /** Conversations, and all else as the server chooses it. */
    public static final TuningSettings PLAIN = new TuningSettings("supervised", JobRequest.AUTO, Map.of(), Map.of());

    public TuningSettings {
        lora = new TreeMap<>(lora);
        training = new TreeMap<>(training);
    }

    /** Whether preference pairs are learned. */
    public boolean learnsPairs() {
        return method.equals("dpo");
    }

    /** The path or id of the general rows; empty for none. */
    public String replayFile() {
        return String.valueOf(training.getOrDefault(REPLAY_FILE, ""));
    }

    /** The same with the id of the general rows' file. */
    public TuningSettings withReplayFile(String id) {
        Map<String, Object> uploaded = new LinkedHashMap<>(training);
        uploaded.put(REPLAY_FILE, id);
        return new TuningSettings(method, beta, lora, uploaded);
    }

    /** Adds what is said here to a request. */
    void addTo(JobCreateParams.Builder params, int epochs, int batchSize, double multiplier) {
        params.method(learnsPairs()
                ? JobCreateParams.Method.builder().type(JobCreateParams.Method.Type.DPO)
                        .dpo(DpoMethod.builder().hyperparameters(pairs(epochs, batchSize, multiplier)).build()).build()
                : JobCreateParams.Method.builder().type(JobCreateParams.Method.Type.SUPERVISED).supervised(
                        SupervisedMethod.builder().hyperparameters(conversations(epochs, batchSize, multiplier))
                                .build())
                        .build());
        if (!lora.isEmpty()) {
            params.putAdditionalBodyProperty("lora", JsonValue.from(lora));
        }
        if (!training.isEmpty()) {
            params.putAdditionalBodyProperty("training", JsonValue.from(training));
        }
    }

    private static SupervisedHyperparameters conversations(int epochs, int batchSize, double multiplier) {
        var numbers = SupervisedHyperparameters.builder().nEpochsAuto().batchSizeAuto().learningRateMultiplierAuto();
        if (epochs != JobRequest.AUTO) {
            numbers.nEpochs(epochs);
        }
        if (batchSize != JobRequest.AUTO) {
            numbers.batchSize(batchSize);
        }
        if (multiplier >= 0) {
            numbers.learningRateMultiplier(multiplier);
        }
        return numbers.build();
    }

    private DpoHyperparameters pairs(int epochs, int batchSize, double multiplier) {
        var numbers = DpoHyperparameters.builder().nEpochsAuto().batchSizeAuto().learningRateMultiplierAuto()
                .betaAuto();
        if (epochs != JobRequest.AUTO) {
            numbers.nEpochs(epochs);
        }
        if (batchSize != JobRequest.AUTO) {
            numbers.batchSize(batchSize);
        }
        if (multiplier >= 0) {
            numbers.learningRateMultiplier(multiplier);
        }
        if (beta >= 0) {
            numbers.beta(beta);
        }
        return numbers.build();
    }
}
