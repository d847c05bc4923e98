package dev.attune.workflow;

import java.nio.file.Path;
import java.time.Duration;

/** Something that a run did; the run itself prints nothing. */
public sealed interface RunEvent {

    record StepStarted(RunStep step) implements RunEvent {
    }

    /** What an earlier run did still holds, and is not done again. */
    record StepReused(RunStep step) implements RunEvent {
    }

    /**
     * What an earlier run did no longer holds, and is done again.
     *
     * @param reason one sentence
     */
    record StepOutdated(RunStep step, String reason) implements RunEvent {
    }

    record StepFinished(RunStep step, Duration took) implements RunEvent {
    }

    /** Rows in each part; near-duplicates stay together. */
    record SplitMade(int train, int validation, int test) implements RunEvent {
    }

    record FileUploaded(Path file, UploadedFile uploaded) implements RunEvent {
    }

    /**
     * A job exists for this run.
     *
     * @param resumed whether an earlier run started it
     */
    record JobStarted(TuningJob job, boolean resumed) implements RunEvent {
    }

    /** Something happened to the job that is waited for. */
    record JobProgress(JobEvent event) implements RunEvent {
    }

    /**
     * A held-out question was answered.
     *
     * @param model the model that answered
     * @param done answers so far, of base and tuned model together
     * @param total answers in all
     */
    record Answered(String model, int done, int total) implements RunEvent {
    }

    record ReportWritten(Path html, Path json) implements RunEvent {
    }
}
