package dev.attune.engine.train;

import java.io.IOException;
import java.time.Instant;
import java.util.Locale;

/** What a trainer says beside its figures, once however often it is interrupted. Not thread-safe. */
final class JobNotes {
    private static final int WORSE_IN_A_ROW = 2;

    private final ProgressLog log;

    JobNotes(ProgressLog log) {
        this.log = log;
    }

    void once(Progress.Level level, String message) throws IOException {
        boolean said = log.lines().stream()
                .anyMatch(line -> line instanceof Progress.Note note && note.message().equals(message));
        if (!said) {
            log.append(seq -> new Progress.Note(seq, Instant.now(), level, message));
        }
    }

    /** Says that an epoch's checkpoint is there. */
    void saved(JobDirectory directory, Checkpoint checkpoint) throws IOException {
        boolean said = log.lines().stream().anyMatch(
                line -> line instanceof Progress.CheckpointSaved saved && saved.step() == checkpoint.step());
        if (!said) {
            log.append(seq -> new Progress.CheckpointSaved(seq, Instant.now(), checkpoint.step(),
                    checkpoint.epochsDone(), directory.path().relativize(checkpoint.directory()).toString(),
                    checkpoint.metrics()));
        }
    }

    /** Names overfitting where the validation loss has risen twice in a row. */
    void validated(BestSoFar best, StepMetrics metrics, int epoch) throws IOException {
        if (best.since() == WORSE_IN_A_ROW) {
            once(Progress.Level.WARN, String.format(Locale.ROOT,
                    "The model is overfitting: the loss on the validation file was lowest after epoch %d (%.3f) and is"
                            + " %.3f after epoch %d, while the loss on training rows is %.3f; the checkpoint of step %d"
                            + " is the best so far.",
                    best.epoch(), best.loss(), metrics.fullValidLoss(), epoch, metrics.trainLoss(), best.step()));
        }
    }

    /** Says which checkpoint is the best, where that is not the last. */
    void ended(JobSpec spec, TrainingState state, boolean early) throws IOException {
        BestSoFar best = state.best();
        if (early) {
            once(Progress.Level.INFO, "Training stopped early, after epoch " + state.epochsDone() + " of "
                    + spec.hyperparameters().epochs() + ": the loss on the validation file has not fallen for "
                    + best.since() + (best.since() == 1 ? " epoch." : " epochs."));
        }
        if (best.step() > 0 && best.step() < state.step()) {
            once(Progress.Level.INFO, String.format(Locale.ROOT,
                    "The best checkpoint is that of step %d, with a loss of %.3f on the validation file; the result is %s.",
                    best.step(), best.loss(),
                    spec.watch().patience() > 0 ? "that one" : "the last one, of step " + state.step()));
        }
    }
}
