package dev.attune.workflow;

import com.openai.client.OpenAIClient;
import com.openai.errors.OpenAIException;
import com.openai.models.finetuning.jobs.FineTuningJobEvent;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Follows one fine-tuning job to its end, whatever happens to the connection: every event once, in order, none left out.
 * A job whose server restarts is simply followed further. Not thread-safe; one follower, one thread.
 */
public final class JobFollower {
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    /** After the job's end the server is asked until a look brings nothing new, but not for ever. */
    private static final int MOST_LAST_LOOKS = 20;

    private final FineTuning server;
    private final String jobId;
    private final Pause pause;
    private final Set<String> seen = new HashSet<>();

    public JobFollower(OpenAIClient client, String jobId) {
        this(new FineTuning(client), jobId, Thread::sleep);
    }

    JobFollower(FineTuning server, String jobId, Pause pause) {
        this.server = server;
        this.jobId = jobId;
        this.pause = pause;
    }

    /**
     * Reports each event from the job's first on, and returns when the job has ended; the last event is
     * {@link JobEvent.Finished}. The listener is called on this thread.
     *
     * @throws WorkflowException where there is no such job, the key is refused, or nobody answers for ten minutes
     */
    public TuningJob follow(Consumer<JobEvent> listener) throws InterruptedException {
        String status = "";
        Duration between = SHORTEST_PAUSE;
        int lastLooks = 0;
        while (true) {
            Look look = look(listener);
            for (FineTuningJobEvent event : look.events()) {
                seen.add(JobEvent.identity(event));
                listener.accept(JobEvent.of(event));
            }
            if (!look.job().status().equals(status)) {
                status = look.job().status();
                listener.accept(new JobEvent.StatusChanged(look.job()));
            }
            boolean quiet = look.events().isEmpty();
            if (look.job().isTerminal() && (quiet || ++lastLooks >= MOST_LAST_LOOKS)) {
                listener.accept(new JobEvent.Finished(look.job()));
                return look.job();
            }
            between = quiet ? shorter(between.multipliedBy(3).dividedBy(2), LONGEST_PAUSE) : SHORTEST_PAUSE;
            if (!look.job().isTerminal()) {
                pause.sleep(between);
            }
        }
    }

    private record Look(TuningJob job, List<FineTuningJobEvent> events) {}

    /** One look at the job, then at its events: what is there when the status is terminal is then all there is. */
    private Look look(Consumer<JobEvent> listener) throws InterruptedException {
        TuningJob job = patiently(listener, () -> server.look(jobId));
        return new Look(job, server.unseenEvents(jobId, seen, request -> patiently(listener, request)));
    }

    /** Repeats a request until it is answered; each gets its own patience. */
    private <T> T patiently(Consumer<JobEvent> listener, Supplier<T> request) throws InterruptedException {
        Duration backoff = Duration.ofMillis(500);
        Duration waited = Duration.ZERO;
        while (true) {
            try {
                return request.get();
            } catch (OpenAIException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("Stopped following job " + jobId);
                }
                if (!WireErrors.isPassing(e) || waited.compareTo(PATIENCE) >= 0) {
                    throw WireErrors.explain("follow job " + jobId, e);
                }
                listener.accept(new JobEvent.ConnectionLost(WireErrors.reason(e), backoff));
                pause.sleep(backoff);
                waited = waited.plus(backoff);
                backoff = shorter(backoff.multipliedBy(2), LONGEST_BACKOFF);
            }
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
