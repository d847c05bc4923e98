package dev.attune.engine.train;

import dev.attune.engine.EngineException;
import dev.attune.engine.data.DataFile;
import dev.attune.engine.data.OverLength;

import java.util.List;
import java.util.stream.Stream;

/**
 * The data of a job, by its places inside the job directory.
 *
 * @param training the examples to train on
 * @param validation the examples to measure on, or {@link DataFile#NONE}
 * @param replay general rows that are mixed in against forgetting, or {@link DataFile#NONE}
 * @param replayShare their share of an epoch's examples, above 0, at most 0.9; 0 without them
 * @param maxTokens longest example in tokens; 0 stands for the model's context length
 * @param overLength what becomes of longer ones
 */
public record JobData(DataFile training, DataFile validation, DataFile replay, double replayShare, int maxTokens,
        OverLength overLength) {
    static final String TRAINING_FILE = "data/training.jsonl";
    static final String VALIDATION_FILE = "data/validation.jsonl";
    static final String REPLAY_FILE = "data/replay.jsonl";

    public JobData {
        if (training.isNone()) {
            throw new EngineException("This job cannot be run: it names no training file.");
        }
        if (replay.isNone() ? replayShare != 0 : !(replayShare > 0 && replayShare <= 0.9)) {
            throw new EngineException("This job cannot be run: the share of replayed rows must be above 0, at most 0.9,"
                    + " and 0 without a replay file, not " + replayShare + ".");
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
        return new JobData(new DataFile(TRAINING_FILE, hash), DataFile.NONE, DataFile.NONE, 0, 0, OverLength.REFUSE);
    }

    /**
     * The same with a validation file.
     *
     * @param hash SHA-256 of the file in hex, or empty to leave it unchecked
     */
    public JobData withValidation(String hash) {
        return new JobData(training, new DataFile(VALIDATION_FILE, hash), replay, replayShare, maxTokens, overLength);
    }

    /**
     * The same with general rows mixed in.
     *
     * @param hash SHA-256 of their file in hex, or empty to leave it unchecked
     * @param share of an epoch's examples that they are
     */
    public JobData withReplay(String hash, double share) {
        return new JobData(training, validation, new DataFile(REPLAY_FILE, hash), share, maxTokens, overLength);
    }

    /** The files that there are: training, validation, replay. */
    List<DataFile> files() {
        return Stream.of(training, validation, replay).filter(file -> !file.isNone()).toList();
    }

    /** The same with another bound on the examples' length. */
    public JobData withLength(int tokens, OverLength policy) {
        return new JobData(training, validation, replay, replayShare, tokens, policy);
    }
}
