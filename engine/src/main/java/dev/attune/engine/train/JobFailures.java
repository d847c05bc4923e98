package dev.attune.engine.train;

import dev.attune.engine.DurableFiles;
import dev.attune.engine.EngineException;
import dev.attune.engine.data.JobFailedException;

import dev.attune.text.TextException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From what went wrong in a trainer to what a person is told. */
final class JobFailures {
    private JobFailures() {}

    static JobFailedException of(Throwable thrown, JobDirectory directory) {
        for (Throwable cause : causes(thrown).reversed()) {
            if (cause instanceof JobFailedException failure) {
                return failure;
            }
            if (cause instanceof IOException e && DurableFiles.isDiskFull(e)) {
                return new JobFailedException("disk_full", "The disk that holds " + directory.path()
                        + " is full: make room and create the job again.", "", thrown);
            }
            if (cause instanceof OutOfMemoryError || String.valueOf(cause.getMessage()).contains("not enough memory")) {
                return new JobFailedException("out_of_memory",
                        "There is not enough memory to train this model: use a smaller batch_size or shorter examples.",
                        "batch_size", thrown);
            }
            if (cause instanceof EngineException || cause instanceof TextException) {
                return new JobFailedException("invalid_model", String.valueOf(cause.getMessage()), "model", thrown);
            }
        }
        thrown.printStackTrace();
        return new JobFailedException("server_error", "The trainer failed (" + thrown + "): see " + directory.log()
                + " for details.", "", thrown);
    }

    /** Whether something went wrong for want of room on the disk. */
    static boolean isDiskFull(Throwable thrown) {
        return causes(thrown).stream()
                .anyMatch(cause -> cause instanceof IOException e && DurableFiles.isDiskFull(e));
    }

    private static List<Throwable> causes(Throwable thrown) {
        var causes = new ArrayList<Throwable>();
        for (@Nullable
        Throwable cause = thrown; cause != null && causes.size() < 10; cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }
}
