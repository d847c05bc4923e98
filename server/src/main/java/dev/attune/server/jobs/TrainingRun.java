package dev.attune.server.jobs;

import dev.attune.engine.train.Checkpoint;
import dev.attune.engine.train.JobDirectory;
import dev.attune.engine.train.ProgressReader;
import dev.attune.engine.train.TrainerProcess;
import dev.attune.server.store.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains one job: starts a trainer in the job's directory, takes over its progress, starts it again where it dies, ends
 * it where the job is cancelled, paused or the server stops. Called by one thread.
 */
public final class TrainingRun {
    private static final Logger log = LoggerFactory.getLogger(TrainingRun.class);
    /** How often in a row a trainer is started again that dies before it has made a checkpoint. */
    private static final int RESTARTS = 3;
    /** The trainer's exit code where another one, left by a server that died, still has the directory. */
    private static final int TAKEN = 4;
    /** The trainer's exit code where it was asked to stop and has made a checkpoint. */
    private static final int INTERRUPTED = 3;
    /** How often another trainer is waited for, a second each: it ends by itself soon after the server that it had. */
    private static final int TAKEN_PATIENCE = 120;
    private static final long POLL_MILLIS = 150;
    private static final long CANCEL_SECONDS = 30;
    private static final int LOG_TAIL_CHARACTERS = 1500;

    private final JobStore jobs;
    private final JobProgress progress;
    private final PausePoint pausePoint;
    private final Home home;

    public TrainingRun(JobStore jobs, JobProgress progress, PausePoint pausePoint, Home home) {
        this.jobs = jobs;
        this.progress = progress;
        this.pausePoint = pausePoint;
        this.home = home;
    }

    /** Finishes pauses that the end of the server before cut short. */
    void recover() {
        for (Job job : jobs.paused()) {
            pausePoint.keep(job, JobDirectory.open(home.jobs().resolve(job.id())));
        }
    }

    /**
     * Returns when the job is over or the server stops.
     *
     * @param closing whether the server stops
     */
    void run(Job job, BooleanSupplier closing) throws InterruptedException {
        JobDirectory directory = JobDirectory.open(home.jobs().resolve(job.id()));
        ProgressReader tail = directory.tail();
        int crashes = 0;
        int waits = 0;
        while (isRunning(job) && !closing.getAsBoolean()) {
            progress.apply(job, directory, tail.poll());
            if (!isRunning(job)) {
                return;
            }
            long before = progressOf(job);
            int reached = newestStep(directory);
            int code = train(job, directory, tail, closing);
            progress.apply(job, directory, tail.poll());
            if (!isRunning(job) || closing.getAsBoolean()) {
                return;
            }
            boolean asked = code == INTERRUPTED && progressOf(job) > before;
            if (asked || code == TAKEN && ++waits <= TAKEN_PATIENCE) {
                Thread.sleep(1000);
                continue;
            }
            crashes = newestStep(directory) > reached ? 1 : crashes + 1;
            log.warn("the trainer of job {} ended with exit code {}", job.id(), code);
            if (crashes > RESTARTS) {
                giveUp(job, directory, crashes, code);
                return;
            }
            jobs.tell(job.id(), JobEvent.Draft.warn("The trainer ended unexpectedly (exit code " + code
                    + "); it is started again and continues from its newest checkpoint (restart " + crashes + " of "
                    + RESTARTS + ")"));
        }
    }

    private static int newestStep(JobDirectory directory) {
        List<Checkpoint> all = directory.checkpoints();
        return all.isEmpty() ? 0 : all.getLast().step();
    }

    private long progressOf(Job job) {
        return jobs.find(job.id()).map(Job::progressSeq).orElse(0L);
    }

    private int train(Job job, JobDirectory directory, ProgressReader tail, BooleanSupplier closing)
            throws InterruptedException {
        try (TrainerProcess trainer = TrainerProcess.start(directory)) {
            while (true) {
                try {
                    return trainer.onExit().get(POLL_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    progress.apply(job, directory, tail.poll());
                } catch (ExecutionException e) {
                    throw new IllegalStateException("the trainer cannot be waited for", e.getCause());
                }
                if (closing.getAsBoolean()) {
                    return INTERRUPTED;
                }
                if (!isRunning(job)) {
                    if (isOver(job)) {
                        end(directory, trainer);
                    } else {
                        trainer.close();
                        pausePoint.keep(job, directory);
                    }
                    return 0;
                }
            }
        }
    }

    /** Lets a trainer whose job was cancelled end by itself, and kills it where it does not. */
    private static void end(JobDirectory directory, TrainerProcess trainer) throws InterruptedException {
        if (directory.outcome().isEmpty()) {
            directory.requestCancel();
        }
        try {
            var unused = trainer.onExit().get(CANCEL_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            trainer.destroyForcibly();
        }
    }

    /** Whether nothing more will be done of a job; else it was paused, and perhaps resumed already. */
    private boolean isOver(Job job) {
        return jobs.find(job.id()).map(now -> now.status().isTerminal()).orElse(true);
    }

    private boolean isRunning(Job job) {
        return jobs.find(job.id()).map(now -> now.status() == JobStatus.RUNNING).orElse(false);
    }

    private void giveUp(Job job, JobDirectory directory, int crashes, int code) {
        Path file = directory.path().resolve("trainer.log");
        String message = "The job failed because its trainer ended unexpectedly " + crashes
                + " times in a row without a new checkpoint, the last time with exit code " + code + "; its log is "
                + file;
        jobs.fail(job, JobStatus.RUNNING,
                new JobWire.JobError("server_error", message + ", and ends with: " + end(file),
                        null),
                List.of());
    }

    private static String end(Path file) {
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
            return text.substring(Math.max(0, text.length() - LOG_TAIL_CHARACTERS));
        } catch (IOException e) {
            return "(it cannot be read)";
        }
    }
}
