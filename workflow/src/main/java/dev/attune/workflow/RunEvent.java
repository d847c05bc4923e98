package dev.attune.workflow;

import dev.attune.dataset.DatasetReport;
import dev.attune.evals.PairedComparison;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Something that a run did; the run itself prints nothing. */
public sealed interface RunEvent {

    record StepStarted(RunStep step) implements RunEvent {}

    /** What an earlier run did still holds, and is not done again. */
    record StepReused(RunStep step) implements RunEvent {}

    /**
     * What an earlier run did no longer holds, and is done again.
     *
     * @param reason one sentence
     */
    record StepOutdated(RunStep step, String reason) implements RunEvent {}

    record StepFinished(RunStep step, Duration took) implements RunEvent {}

    /**
     * What was found in the training data; its errors, if it has any, end the run after this.
     *
     * @param leaks which rows of files of one's own are known from a file before, as sentences
     */
    record Checked(DatasetReport report, DataSummary summary, List<String> leaks) implements RunEvent {
        public Checked {
            leaks = List.copyOf(leaks);
        }
    }

    /**
     * Rows in each part; near-duplicates stay together.
     *
     * @param notes what a person should know about the split, as sentences
     */
    record SplitMade(int train, int validation, int test, List<String> notes) implements RunEvent {
        public SplitMade {
            notes = List.copyOf(notes);
        }
    }

    record FileUploaded(Path file, UploadedFile uploaded) implements RunEvent {}

    /**
     * A job exists for this run.
     *
     * @param resumed whether an earlier run started it
     */
    record JobStarted(TuningJob job, boolean resumed) implements RunEvent {}

    /** Something happened to the job that is waited for. */
    record JobProgress(JobEvent event) implements RunEvent {}

    /**
     * A held-out question was answered.
     *
     * @param model the model that answered
     * @param done answers so far, of base and tuned model together
     * @param total answers in all
     */
    record Answered(String model, int done, int total) implements RunEvent {}

    /** Base against tuned by one scorer; one event for each scorer, the headline's first. */
    record Scored(PairedComparison score) implements RunEvent {}

    /** A few held-out rows to look at, side by side. */
    record ExamplesPicked(List<Comparison> examples) implements RunEvent {
        public ExamplesPicked {
            examples = List.copyOf(examples);
        }
    }

    record ReportWritten(Path html, Path json) implements RunEvent {}
}
