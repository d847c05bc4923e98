package dev.attune.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a job is to do, decided once and never changed: the content of {@code job.json}. Together with the data files
 * and the base model it determines every byte of the result.
 *
 * @param jobId the job's name, for messages
 * @param base directory of the base model
 * @param baseHash SHA-256 of the base model as {@link BaseModel#hash} gives it, or empty to leave it unchecked
 * @param initialAdapter PEFT directory to go on from, or empty
 * @param trainingFile path inside the job directory
 * @param trainingHash SHA-256 of the training file in hex, or empty to leave it unchecked
 * @param validationFile path inside the job directory, or empty
 * @param validationHash SHA-256 of the validation file in hex, or empty
 * @param method {@code supervised}
 * @param epochs passes over the training file, 1 to 50
 * @param batchSize examples per optimizer step, 1 to 256
 * @param learningRateMultiplier factor on the base model's own learning rate, above 0
 * @param lora shape of the adapter
 * @param seed decides the adapter's first weights and the order of the examples
 * @param maxTokens longest example in tokens; 0 stands for the model's context length
 * @param versions what made the job, name to version, for the record
 */
public record JobSpec(String jobId, Path base, String baseHash, String initialAdapter, String trainingFile,
        String trainingHash, String validationFile, String validationHash, String method, int epochs, int batchSize,
        double learningRateMultiplier, LoraConfig lora, long seed, int maxTokens, Map<String, String> versions) {

    static final String TRAINING_FILE = "data/training.jsonl";
    static final String VALIDATION_FILE = "data/validation.jsonl";
    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    public JobSpec {
        require(method.equals("supervised"), "the method " + method + " is not known; supervised is");
        require(epochs >= 1 && epochs <= 50, "epochs must be 1 to 50, not " + epochs);
        require(batchSize >= 1 && batchSize <= 256, "batchSize must be 1 to 256, not " + batchSize);
        require(learningRateMultiplier > 0 && Double.isFinite(learningRateMultiplier),
                "learningRateMultiplier must be above 0, not " + learningRateMultiplier);
        require(maxTokens >= 0, "maxTokens must not be negative");
        base = base.toAbsolutePath().normalize();
        SortedMap<String, String> sorted = new TreeMap<>(versions);
        versions = java.util.Collections.unmodifiableSortedMap(sorted);
    }

    /**
     * A supervised job on files that {@link JobDirectory#create} copies in.
     *
     * @param hasValidation whether a validation file comes with it
     */
    public static JobSpec supervised(String jobId, Path base, boolean hasValidation, Hyperparameters hyperparameters,
            LoraConfig lora, long seed) {
        return new JobSpec(jobId, base, "", "", TRAINING_FILE, "", hasValidation ? VALIDATION_FILE : "", "",
                "supervised", hyperparameters.epochs(), hyperparameters.batchSize(),
                hyperparameters.learningRateMultiplier(), lora, seed, 0, Map.of());
    }

    /**
     * Reads {@code job.json}.
     *
     * @throws EngineException where it is missing or is not a job
     */
    static JobSpec read(Path file) {
        try {
            return JSON.readValue(Files.readAllBytes(file), JobSpec.class);
        } catch (IOException | JacksonException e) {
            throw new EngineException(
                    "There is no readable job at " + file + ": give a directory that holds a job.json.",
                    e);
        }
    }

    byte[] toJson() {
        return JSON.writeValueAsBytes(this);
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new EngineException("This job cannot be run: " + sentence + ".");
        }
    }
}
