package dev.attune.server.jobs;

import dev.attune.server.files.FileStore;
import dev.attune.server.files.StoredFile;
import dev.attune.server.models.ModelCatalog;
import dev.attune.server.protocol.ApiError;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.CreateKey;
import dev.attune.server.protocol.Fields;
import dev.attune.server.protocol.Request;
import dev.attune.server.protocol.Response;
import dev.attune.server.protocol.Route;
import dev.attune.server.protocol.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /v1/fine_tuning/jobs}: create, list, get, cancel, pause, resume, events, checkpoints. */
public final class JobsApi {
    private static final int MAX_BODY_BYTES = 1 << 20;
    private static final int MAX_LIMIT = 1000;
    private static final Duration PAUSE_PATIENCE = Duration.ofSeconds(20);
    private static final String JOB = "/v1/fine_tuning/jobs/{job}";

    private final JobStore jobs;
    private final FileStore files;
    private final ModelCatalog models;
    private final Runnable wake;
    private final String organization;

    /**
     * @param wake called when there is something new to do
     */
    public JobsApi(JobStore jobs, FileStore files, ModelCatalog models, Runnable wake, String organization) {
        this.jobs = jobs;
        this.files = files;
        this.models = models;
        this.wake = wake;
        this.organization = organization;
    }

    public List<Route> routes() {
        return List.of(Route.post("/v1/fine_tuning/jobs", this::create), Route.get("/v1/fine_tuning/jobs", this::list),
                Route.get(JOB, request -> answer(find(request))), Route.post(JOB + "/cancel", this::cancel),
                Route.post(JOB + "/pause", this::pause),
                Route.post(JOB + "/resume", this::resume),
                Route.get(JOB + "/events", this::events), Route.get(JOB + "/checkpoints", this::checkpoints));
    }

    private Response create(Request request) throws IOException {
        byte[] body = request.bodyBytes(MAX_BODY_BYTES);
        JobRequest wanted = JobRequest.of(Fields.of(body));
        String base = models.tunable(wanted.model());
        if (wanted.lora() != null && !models.meant(wanted.model()).equals(base)) {
            throw ApiException.badRequest("The job goes on from the adapter of " + wanted.model()
                    + ", whose shape is fixed; leave 'lora' out, or begin with " + base + ".", "lora");
        }
        JobTraining training = JobTraining.stored(wanted.training() == null ? null : wanted.training().toString());
        if (training.full() && !models.meant(wanted.model()).equals(base)) {
            throw ApiException.badRequest("The job goes on from the adapter of " + wanted.model()
                    + ", which trains no other weights; leave 'training.tuning' out, or begin with " + base + ".",
                    "training.tuning");
        }
        if (!training.replayFile().isEmpty()) {
            requireTrainingFile("training.replay_file", training.replayFile());
        }
        requireTrainingFile("training_file", wanted.trainingFile());
        if (!wanted.validationFile().isEmpty()) {
            requireTrainingFile("validation_file", wanted.validationFile());
        }
        Job job = jobs.create(wanted, base, models.meant(wanted.model()), CreateKey.of(request, body));
        wake.run();
        return answer(job);
    }

    private void requireTrainingFile(String param, String id) {
        StoredFile file = files.find(id).orElseThrow(() -> ApiException
                .badRequest("invalid " + param + ": " + id + ", there is no such file", param));
        if (!file.purpose().equals("fine-tune")) {
            throw ApiException.badRequest("invalid " + param + ": " + id + " has the purpose '" + file.purpose()
                    + "', upload it with the purpose 'fine-tune'", param);
        }
    }

    private Response list(Request request) {
        String after = request.query("after");
        Job last = after.isEmpty() ? null : jobs.find(after).orElseThrow(() -> absent(after, 400, "after"));
        return Response.of(Wire.Listing.of(jobs.list(filter(request), last, request.limit(20, MAX_LIMIT))
                .map(job -> job.wire(organization))));
    }

    private static JobStore.Filter filter(Request request) {
        Map<String, String> pairs = new LinkedHashMap<>();
        request.query().forEach((name, values) -> {
            if (name.startsWith("metadata[") && name.endsWith("]")) {
                pairs.put(name.substring("metadata[".length(), name.length() - 1), values.getLast());
            }
        });
        if (!pairs.isEmpty()) {
            return new JobStore.Filter.WithMetadata(pairs);
        }
        return request.query("metadata").equals("null")
                ? new JobStore.Filter.WithoutMetadata()
                : new JobStore.Filter.All();
    }

    private Response cancel(Request request) {
        Job job = jobs.cancel(find(request));
        wake.run();
        return answer(job);
    }

    private Response pause(Request request) {
        Job job = jobs.pause(find(request));
        wake.run();
        awaitCheckpoint(job);
        return answer(job);
    }

    /** Whoever hears that a job is paused looks for the checkpoint of the pause next; a long step is not waited for. */
    private void awaitCheckpoint(Job job) {
        long deadline = System.nanoTime() + PAUSE_PATIENCE.toNanos();
        try {
            while (System.nanoTime() < deadline && jobs.isWithoutCheckpoint(job)) {
                Thread.sleep(50);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Response resume(Request request) {
        Job job = jobs.resume(find(request));
        wake.run();
        return answer(job);
    }

    private Response events(Request request) {
        return Response.of(Wire.Listing.of(jobs
                .events(find(request).id(), request.query("after"), request.limit(20, MAX_LIMIT))
                .map(JobEvent::wire)));
    }

    private Response checkpoints(Request request) {
        var page = jobs.checkpoints(find(request).id(), request.query("after"), request.limit(10, MAX_LIMIT))
                .map(JobCheckpoint::wire);
        return Response.of(Wire.EndedList.of(page, JobWire.Checkpoint::id));
    }

    private Response answer(Job job) {
        return Response.of(job.wire(organization));
    }

    private Job find(Request request) {
        String id = request.part("job");
        return jobs.find(id).orElseThrow(() -> absent(id, 404, "fine_tune_id"));
    }

    private static ApiException absent(String id, int status, String param) {
        return new ApiException(status,
                ApiError.invalidRequest("Could not find fine tune: " + id, param, "fine_tune_not_found"));
    }
}
