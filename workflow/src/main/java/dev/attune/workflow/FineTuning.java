package dev.attune.workflow;

import com.openai.client.OpenAIClient;
import com.openai.errors.OpenAIException;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.FineTuningJobEvent;
import com.openai.models.finetuning.jobs.JobListEventsPage;
import com.openai.models.finetuning.jobs.JobListEventsParams;
import com.openai.models.finetuning.jobs.JobListParams;
import com.openai.models.models.Model;
import dev.attune.workflow.WorkflowException.Code;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Files, jobs and models of one server, in our words. Every failure is a {@link WorkflowException} of one sentence.
 * Thread-safe; does not own the client.
 */
public final class FineTuning {
    private static final Set<String> STILL_PROCESSING = Set.of("uploaded", "pending", "running");
    private static final Duration PROCESSING_PATIENCE = Duration.ofMinutes(10);
    private static final int PAGE = 100;
    private static final int MOST_PAGES = 1000;

    private final OpenAIClient client;
    private final Pause pause;

    public FineTuning(OpenAIClient client) {
        this(client, Thread::sleep);
    }

    FineTuning(OpenAIClient client, Pause pause) {
        this.client = client;
        this.pause = pause;
    }

    /**
     * Sends a file for fine-tuning and waits until the server has processed it.
     *
     * @throws WorkflowException where the file cannot be read or the server refuses it
     * @throws InterruptedException while waiting; the file may then exist on the server
     */
    public UploadedFile upload(Path file) throws InterruptedException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new WorkflowException(Code.IO,
                    "Cannot upload " + file + ": it is not a readable file; name a JSONL file.");
        }
        UploadedFile uploaded = described(call("upload " + file.getFileName(),
                () -> client.files()
                        .create(FileCreateParams.builder().file(file).purpose(FilePurpose.FINE_TUNE).build())));
        long deadline = System.nanoTime() + PROCESSING_PATIENCE.toNanos();
        long pauseMillis = 100;
        while (STILL_PROCESSING.contains(uploaded.status()) && System.nanoTime() < deadline) {
            pause.sleep(Duration.ofMillis(pauseMillis));
            pauseMillis = Math.min(5_000, pauseMillis * 2);
            String id = uploaded.id();
            uploaded = described(call("look at file " + id, () -> client.files().retrieve(id)));
        }
        if (uploaded.status().equals("error")) {
            throw new WorkflowException(Code.REFUSED,
                    "The server could not process " + file.getFileName() + " (" + uploaded.id()
                            + "); run `attune check` on it.");
        }
        return uploaded;
    }

    /** The file of an id, if the server has it. */
    public Optional<UploadedFile> file(String id) {
        return known(() -> described(call("look at file " + id, () -> client.files().retrieve(id))));
    }

    /**
     * Starts a job. The request is sent once: a retry could start a second one, so a caller whose request got lost looks
     * with {@link #find(Map)} whether it arrived.
     */
    public TuningJob create(JobRequest request) {
        return TuningJob.of(call("start a fine-tuning job on " + request.model(),
                () -> client.fineTuning().jobs().withOptions(options -> options.maxRetries(0))
                        .create(request.params())));
    }

    /** Jobs, newest first, at most {@code limit} of them. */
    public List<TuningJob> list(int limit) {
        return jobs(Map.of(), limit);
    }

    /** The newest job that carries all of these pairs in its metadata. */
    public Optional<TuningJob> find(Map<String, String> metadata) {
        return jobs(metadata, Integer.MAX_VALUE).stream()
                .filter(job -> job.metadata().entrySet().containsAll(metadata.entrySet()))
                .findFirst();
    }

    /** @throws WorkflowException with {@link Code#NOT_FOUND} where there is no such job */
    public TuningJob show(String jobId) {
        return TuningJob.of(call("show job " + jobId, () -> client.fineTuning().jobs().retrieve(jobId)));
    }

    /** The job of an id, if the server has it. */
    public Optional<TuningJob> job(String jobId) {
        return known(() -> show(jobId));
    }

    public TuningJob cancel(String jobId) {
        return TuningJob.of(call("cancel job " + jobId, () -> client.fineTuning().jobs().cancel(jobId)));
    }

    /** Everything that happened to a job so far, oldest first. */
    public List<JobEvent> events(String jobId) {
        try {
            return unseenEvents(jobId, Set.of(), request -> call("list the events of job " + jobId, request)).stream()
                    .map(JobEvent::of).toList();
        } catch (InterruptedException e) {
            throw new IllegalStateException("A request that is not repeated does not wait", e);
        }
    }

    /** Follows a job from its first event on. */
    public JobFollower follower(String jobId) {
        return new JobFollower(this, jobId, pause);
    }

    /** Ids of the models that the server offers, base and tuned. */
    public List<String> models() {
        return call("list the models",
                () -> client.models().list().items().stream().map(m -> WireValues.text(m._id())).toList());
    }

    /** What the server says about a model beyond its id, as text; empty where there is no such model. */
    public Map<String, String> modelFacts(String model) {
        return known(() -> call("look at model " + model, () -> client.models().retrieve(model)))
                .map((Model m) -> WireValues.scalars(m._allProperties()))
                .orElse(Map.of());
    }

    /** How one request of several is sent: once, or again until it succeeds. */
    interface Sending {
        JobListEventsPage send(Supplier<JobListEventsPage> request) throws InterruptedException;
    }

    /**
     * Events that are not among the seen, oldest first. Walks from the newest backwards, so an event that arrives
     * meanwhile is not lost but found at the next look.
     */
    List<FineTuningJobEvent> unseenEvents(String jobId, Set<String> seen, Sending sending) throws InterruptedException {
        var found = new ArrayList<FineTuningJobEvent>();
        var identities = new HashSet<String>();
        String after = "";
        for (int page = 0; page < MOST_PAGES; page++) {
            var params = JobListEventsParams.builder().fineTuningJobId(jobId).limit(PAGE);
            if (!after.isEmpty()) {
                params.after(after);
            }
            JobListEventsPage answer = sending.send(() -> client.fineTuning().jobs().listEvents(params.build()));
            List<FineTuningJobEvent> items = answer.response()._data().asKnown().orElse(List.of());
            boolean metSeen = false;
            boolean metNew = false;
            for (FineTuningJobEvent event : items) {
                String identity = JobEvent.identity(event);
                if (seen.contains(identity)) {
                    metSeen = true;
                } else if (identities.add(identity)) {
                    metNew = true;
                    found.add(event);
                }
            }
            String last = items.isEmpty() ? "" : WireValues.text(items.getLast()._id());
            if (metSeen || !metNew || last.isEmpty() || !answer.response()._hasMore().asKnown().orElse(true)) {
                break;
            }
            after = last;
        }
        Collections.reverse(found);
        return found;
    }

    /** The job, with the failures of the wire as they are. */
    TuningJob look(String jobId) {
        return TuningJob.of(client.fineTuning().jobs().retrieve(jobId));
    }

    private List<TuningJob> jobs(Map<String, String> metadata, int limit) {
        var found = new ArrayList<TuningJob>();
        var ids = new HashSet<String>();
        String after = "";
        while (found.size() < limit) {
            var params = JobListParams.builder().limit(Math.min(PAGE, limit));
            if (!after.isEmpty()) {
                params.after(after);
            }
            if (!metadata.isEmpty()) {
                var filter = JobListParams.Metadata.builder();
                metadata.forEach(filter::putAdditionalProperty);
                params.metadata(filter.build());
            }
            var answer = call("list the jobs", () -> client.fineTuning().jobs().list(params.build()));
            List<FineTuningJob> items = answer.response()._data().asKnown().orElse(List.of());
            boolean metNew = false;
            for (FineTuningJob job : items) {
                TuningJob read = TuningJob.of(job);
                if (ids.add(read.id())) {
                    metNew = true;
                    found.add(read);
                    after = read.id();
                }
            }
            if (!metNew || !answer.response()._hasMore().asKnown().orElse(true)) {
                break;
            }
        }
        return List.copyOf(found.subList(0, Math.min(limit, found.size())));
    }

    private static UploadedFile described(FileObject file) {
        return new UploadedFile(WireValues.text(file._id()), WireValues.text(file._filename()),
                WireValues.number(file._bytes(), -1),
                file._status().asKnown().map(FileObject.Status::asString).orElse(""));
    }

    private static <T> T call(String doing, Supplier<T> request) {
        try {
            return request.get();
        } catch (OpenAIException e) {
            throw WireErrors.explain(doing, e);
        }
    }

    private static <T> Optional<T> known(Supplier<T> request) {
        try {
            return Optional.of(request.get());
        } catch (WorkflowException e) {
            if (e.code() == Code.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
