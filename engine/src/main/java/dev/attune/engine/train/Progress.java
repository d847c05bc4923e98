package dev.attune.engine.train;

import java.time.Instant;

/**
 * One line of a job's {@code progress.jsonl}: something that happened and is on disk. Numbered from 1 without gaps;
 * {@link Succeeded}, {@link Failed} and {@link Cancelled} are the last line of their job.
 */
public sealed interface Progress {

    /** Number of the line, from 1. */
    long seq();

    Instant time();

    /** Whether this line is the last one of its job. */
    default boolean isFinal() {
        return this instanceof Succeeded || this instanceof Failed || this instanceof Cancelled;
    }

    /**
     * The data is read and training begins; said once, also where the job is continued later.
     *
     * @param tokensPerEpoch tokens that pass through the model in one epoch, those not trained included
     */
    record Started(long seq, Instant time, int totalSteps, int trainingExamples, int validationExamples,
            long tokensPerEpoch) implements Progress {}

    /**
     * Optimizer steps were done; at least every half second or so, not at every step.
     *
     * @param epoch epoch of the step, from 1
     * @param tokensPerSecond tokens through the model per second of late
     * @param secondsLeft estimate of the time to the end of training
     */
    record Step(long seq, Instant time, int totalSteps, int epoch, StepMetrics metrics, double tokensPerSecond,
            double secondsLeft) implements Progress {
        public int step() {
            return metrics.step();
        }
    }

    /**
     * The adapter after an epoch is on disk and can be served.
     *
     * @param path the checkpoint's directory, relative to the job directory; its {@code adapter} folder is in PEFT layout
     */
    record CheckpointSaved(long seq, Instant time, int step, int epoch, String path,
            StepMetrics metrics) implements Progress {}

    /** Something worth knowing. */
    record Note(long seq, Instant time, Level level, String message) implements Progress {}

    /**
     * The result is on disk.
     *
     * @param trainedTokens tokens of the training file times epochs
     */
    record Succeeded(long seq, Instant time, long trainedTokens) implements Progress {}

    /**
     * The job cannot be done.
     *
     * @param code a word for programs, such as {@code invalid_training_file}
     * @param message one sentence for a person
     * @param param the request parameter at fault, or empty
     */
    record Failed(long seq, Instant time, String code, String message, String param) implements Progress {}

    /** The job was ended at someone's wish. */
    record Cancelled(long seq, Instant time) implements Progress {}

    /** How much a note matters. */
    enum Level {
        INFO, WARN
    }
}
