package dev.attune.server.jobs;

import dev.attune.server.protocol.Caller;
import dev.attune.server.protocol.Failures;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What moves jobs on in the background: one thread checks files, one trains, each in the order in which jobs were made.
 * The store is the queue, so a restart continues where the last server stopped: first the job that was training.
 */
public final class JobQueue implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(JobQueue.class);
    private static final long REST_MILLIS = 1000;

    private final JobStore jobs;
    private final JobCheck check;
    private final TrainingRun training;
    private final Worker checker = new Worker("attune-check", this::checkOne);
    private final Worker trainer = new Worker("attune-train", this::trainOne);
    private volatile boolean closed;

    public JobQueue(JobStore jobs, JobCheck check, TrainingRun training) {
        this.jobs = jobs;
        this.check = check;
        this.training = training;
    }

    public void start() {
        try {
            training.recover();
        } catch (RuntimeException e) {
            log.warn("the checkpoint of a paused job could not be kept", e);
        }
        checker.thread.start();
        trainer.thread.start();
    }

    /** Says that there may be something new to do. */
    public void wake() {
        checker.bell.release();
        trainer.bell.release();
    }

    /** Stops; a job in training makes a checkpoint and stays {@code running} for the next start. */
    @Override
    public void close() {
        closed = true;
        wake();
        checker.join();
        trainer.join();
    }

    private boolean checkOne() throws IOException {
        Optional<Job> next = jobs.oldest(JobStatus.VALIDATING_FILES);
        if (next.isEmpty()) {
            return false;
        }
        try {
            Caller.actingFor(next.get().organization(), () -> check.run(next.get()));
        } catch (IOException | RuntimeException e) {
            log.error("job {} could not be checked", next.get().id(), e);
            jobs.fail(next.get(), JobStatus.VALIDATING_FILES, internal(e), java.util.List.of());
        }
        trainer.bell.release();
        return true;
    }

    private boolean trainOne() throws InterruptedException {
        Optional<Job> next = jobs.oldest(JobStatus.RUNNING).or(() -> jobs.oldest(JobStatus.QUEUED));
        if (next.isEmpty()) {
            return false;
        }
        Job job = next.get();
        if (job.status() == JobStatus.QUEUED && !jobs.start(job)) {
            return true;
        }
        try {
            Caller.actingFor(job.organization(), () -> training.run(job, () -> closed));
        } catch (RuntimeException e) {
            log.error("job {} could not be trained", job.id(), e);
            jobs.fail(job, JobStatus.RUNNING, internal(e), java.util.List.of());
        }
        return true;
    }

    private static JobWire.JobError internal(Exception e) {
        String why = Failures.isDiskFull(e)
                ? "the server's disk is full; free some space and create the job again."
                : e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new JobWire.JobError("server_error", "The job failed due to an internal error: " + why, null);
    }

    /** A unit of work; false where there was nothing to do. */
    private interface Step {
        boolean run() throws IOException, InterruptedException;
    }

    private final class Worker {
        private final Semaphore bell = new Semaphore(0);
        private final Thread thread;

        Worker(String name, Step step) {
            thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> loop(step));
        }

        void join() {
            try {
                if (thread.isAlive()) {
                    thread.join();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void loop(Step step) {
            while (!closed) {
                try {
                    if (!step.run()) {
                        var unused = bell.tryAcquire(REST_MILLIS, TimeUnit.MILLISECONDS);
                        bell.drainPermits();
                    }
                } catch (IOException | RuntimeException e) {
                    log.error("the queue cannot go on; it tries again", e);
                    pause();
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        private void pause() {
            try {
                Thread.sleep(REST_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
