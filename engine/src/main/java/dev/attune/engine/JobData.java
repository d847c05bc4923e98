package dev.attune.engine;

/**
 * The data of a job, by its places inside the job directory.
 *
 * @param training the examples to train on
 * @param validation the examples to measure on, or {@link DataFile#NONE}
 * @param maxTokens longest example in tokens; 0 stands for the model's context length
 * @param overLength what becomes of longer ones
 */
public record JobData(DataFile training, DataFile validation, int maxTokens, OverLength overLength) {
    static final String TRAINING_FILE = "data/training.jsonl";
    static final String VALIDATION_FILE = "data/validation.jsonl";

    public JobData {
        if (training.isNone()) {
            throw new EngineException("This job cannot be run: it names no training file.");
        }
        if (maxTokens < 0) {
            throw new EngineException("This job cannot be run: max_tokens must not be negative.");
        }
    }

    /**
     * A training file alone; too long examples are refused.
     *
     * @param hash SHA-256 of the file in hex, or empty to leave it unchecked
     */
    public static JobData training(String hash) {
        return new JobData(new DataFile(TRAINING_FILE, hash), DataFile.NONE, 0, OverLength.REFUSE);
    }

    /**
     * The same with a validation file.
     *
     * @param hash SHA-256 of the file in hex, or empty to leave it unchecked
     */
    public JobData withValidation(String hash) {
        return new JobData(training, new DataFile(VALIDATION_FILE, hash), maxTokens, overLength);
    }

    /** The same with another bound on the examples' length. */
    public JobData withLength(int tokens, OverLength policy) {
        return new JobData(training, validation, tokens, policy);
    }
}
