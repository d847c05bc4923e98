package dev.attune.server.jobs;

import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Caller;
import dev.attune.server.protocol.CreateKey;
import dev.attune.server.protocol.Json;
import dev.attune.server.protocol.Metadata;
import dev.attune.server.store.Database;
import dev.attune.server.store.Ids;
import dev.attune.server.store.Page;
import dev.attune.server.store.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of a home. A status changes only where it still is what the caller takes it for, and never without an event
 * in the same transaction. Thread-safe.
 */
public final class JobStore {
    private final Database database;

    public JobStore(Database database) {
        this.database = database;
    }

    /**
     * Adds a job that is to be validated.
     *
     * @param base the base model below the model that the request names
     * @param startModel the model here that the name in the request stands for
     * @param key by what the request is known when it comes again; then the job is the one that it made before
     * @throws ApiException 400 where its idempotency key was used for another request
     */
    Job create(JobRequest request, String base, String startModel, CreateKey key) {
        String id = Ids.next("ftjob-");
        String validation = request.validationFile();
        return database.write(handle -> {
            Optional<Job> before = made(handle, key);
            if (before.isPresent()) {
                return before.get();
            }
            handle.createUpdate("insert into jobs (id, created_at, status, model, base, suffix, seed, training_file,"
                    + " validation_file, metadata, hyperparameters, method, integrations, start_model, lora, training, idempotency_key,"
                    + " request_hash, organization) values (:id, :now, :status, :model, :base, :suffix, :seed, :training, :validation,"
                    + " :metadata, :hyperparameters, :method, :integrations, :start, :lora, :settings, :key, :hash, :organization)")
                    .bind("id", id).bind("organization", Caller.now().organization())
                    .bind("key", key.key()).bind("hash", key.bodyHash())
                    .bind("now", Times.nowSeconds()).bind("status", JobStatus.VALIDATING_FILES.wire())
                    .bind("model", request.model()).bind("base", base).bind("suffix", request.suffix())
                    .bind("seed", request.seed()).bind("training", request.trainingFile())
                    .bind("validation", validation.isEmpty() ? null : validation)
                    .bind("metadata", Metadata.stored(request.metadata()))
                    .bind("hyperparameters", Json.text(request.method().hyperparameters()))
                    .bind("method", request.method().type())
                    .bind("integrations", request.integrations() == null ? null : Json.text(request.integrations()))
                    .bind("start", startModel)
                    .bind("lora", request.lora() == null ? null : request.lora().toString())
                    .bind("settings", request.training() == null ? null : request.training().toString()).execute();
            for (Map.Entry<String, String> pair : request.metadata().entrySet()) {
                handle.execute("insert into job_metadata values (?, ?, ?)", id, pair.getKey(), pair.getValue());
            }
            JobEvent.append(handle, id, beginning(id, request, startModel));
            return find(handle, id).orElseThrow();
        });
    }

    private static List<JobEvent.Draft> beginning(String id, JobRequest request, String startModel) {
        var events = new ArrayList<JobEvent.Draft>();
        events.add(JobEvent.Draft.info("Created fine-tuning job: " + id));
        if (!startModel.equals(request.model())) {
            events.add(JobEvent.Draft.info("The model " + request.model() + " stands for " + startModel
                    + " on this server, which is what is trained"));
        }
        if (request.integrations() != null) {
            events.add(JobEvent.Draft.warn("The integrations are kept with the job, but this server sends nothing to"
                    + " Weights & Biases; the job's events and its result file hold all metrics"));
        }
        String validation = request.validationFile();
        events.add(JobEvent.Draft.info("Validating training file: " + request.trainingFile()
                + (validation.isEmpty() ? "" : " and validation file: " + validation)));
        return events;
    }

    /** The job that the same request has made already, if it has. */
    private static Optional<Job> made(Handle handle, CreateKey key) {
        if (key.key() != null) {
            Optional<String> hash = handle.createQuery("select request_hash from jobs where idempotency_key = ?")
                    .bind(0, key.key()).mapTo(String.class).findOne();
            if (hash.isPresent() && !hash.get().equals(key.bodyHash())) {
                throw key.usedForAnother();
            }
            return handle.createQuery("select * from jobs where idempotency_key = ?").bind(0, key.key())
                    .map((row, context) -> Job.read(row)).findOne();
        }
        return key.retry()
                ? handle.createQuery("select * from jobs where request_hash = ? and created_at >= ? and"
                        + " idempotency_key is null order by seq desc limit 1").bind(0, key.bodyHash())
                        .bind(1, Times.nowSeconds() - CreateKey.RETRY_SECONDS).map((row, context) -> Job.read(row))
                        .findOne()
                : Optional.empty();
    }

    Optional<Job> find(String id) {
        return database.read(handle -> find(handle, id));
    }

    static Optional<Job> find(Handle handle, String id) {
        return handle.createQuery("select * from jobs where id = :id" + Caller.now().restriction("organization"))
                .bind("id", id)
                .map((row, context) -> Job.read(row)).findOne();
    }

    /** The job that has waited longest in a status. */
    Optional<Job> oldest(JobStatus status) {
        return database.read(handle -> handle
                .createQuery("select * from jobs where status = :status order by seq limit 1")
                .bind("status", status.wire()).map((row, context) -> Job.read(row)).findOne());
    }

    /** Which jobs a list is asked for. */
    sealed interface Filter {
        /** All of them. */
        record All() implements Filter {}

        /** Those without metadata. */
        record WithoutMetadata() implements Filter {}

        /** Those that have all these pairs. */
        record WithMetadata(Map<String, String> pairs) implements Filter {}
    }

    /** A page of jobs, newest first. */
    Page<Job> list(Filter filter, @Nullable Job after, int limit) {
        var sql = new StringBuilder("select * from jobs where seq < ?").append(
                Caller.now().restriction("organization"));
        var values = new ArrayList<Object>();
        values.add(after == null ? Long.MAX_VALUE : after.seq());
        switch (filter) {
            case Filter.All() -> {
            }
            case Filter.WithoutMetadata() -> sql.append(" and metadata is null");
            case Filter.WithMetadata(Map<String, String> pairs) -> pairs.forEach((name, value) -> {
                sql.append(" and exists (select 1 from job_metadata m where m.job_id = jobs.id and m.name = ?"
                        + " and m.value = ?)");
                values.add(name);
                values.add(value);
            });
        }
        sql.append(" order by seq desc limit ").append(limit + 1);
        return Page.of(database.read(handle -> handle.select(sql, values.toArray())
                .map((row, context) -> Job.read(row)).list()), limit);
    }

    Page<JobEvent> events(String jobId, String after, int limit) {
        return database.read(handle -> JobEvent.list(handle, jobId, after.isEmpty()
                ? null
                : JobEvent.find(handle, jobId, after).orElseThrow(() -> unknownAfter(after)), limit));
    }

    Page<JobCheckpoint> checkpoints(String jobId, String after, int limit) {
        return database.read(handle -> JobCheckpoint.list(handle, jobId, after.isEmpty()
                ? null
                : JobCheckpoint.find(handle, jobId, after).orElseThrow(() -> unknownAfter(after)), limit));
    }

    /** The files have passed: the settings are numbers now, and the job waits for its turn. */
    boolean queue(Job job, String resolved, List<JobEvent.Draft> notes) {
        return database.write(handle -> {
            boolean moved = move(handle, job.id(), JobStatus.VALIDATING_FILES, JobStatus.QUEUED, append(notes,
                    JobEvent.Draft.info("Files validated, moving job to queued state")));
            handle.execute("update jobs set resolved = ? where id = ?", resolved, job.id());
            return moved;
        });
    }

    boolean start(Job job) {
        return database.write(handle -> move(handle, job.id(), JobStatus.QUEUED, JobStatus.RUNNING,
                List.of(JobEvent.Draft.info(job.progressSeq() > 0
                        ? "Fine-tuning job resumed"
                        : "Fine-tuning job started"))));
    }

    /** Ends a job that cannot be done, from the status it is taken to have. */
    boolean fail(Job job, JobStatus expected, JobWire.JobError error, List<JobEvent.Draft> notes) {
        return database.write(handle -> fail(handle, job.id(), expected, error, notes));
    }

    static boolean fail(Handle handle, String id, JobStatus expected, JobWire.JobError error,
            List<JobEvent.Draft> notes) {
        boolean moved = move(handle, id, expected, JobStatus.FAILED, append(notes,
                JobEvent.Draft.error(error.message())));
        if (moved) {
            handle.execute("update jobs set error = ? where id = ?", Json.text(error), id);
        }
        return moved;
    }

    /**
     * Cancels a job from whatever status it has.
     *
     * @throws ApiException 400 where it is over already
     */
    Job cancel(Job job) {
        return database.write(handle -> {
            Job now = find(handle, job.id()).orElseThrow();
            if (now.status().isTerminal()) {
                throw ApiException.badRequest("Job " + job.id() + " has already ended with status '"
                        + now.status().wire() + "' and cannot be cancelled.", "fine_tune_id");
            }
            move(handle, job.id(), now.status(), JobStatus.CANCELLED,
                    List.of(JobEvent.Draft.info("Fine-tuning job cancelled")));
            return find(handle, job.id()).orElseThrow();
        });
    }

    /**
     * Pauses a job that has begun to train; its trainer stops after a checkpoint, and the next job's turn has come.
     *
     * @throws ApiException 400 where it is not running, or has done no step
     */
    Job pause(Job job) {
        return database.write(handle -> {
            Job now = find(handle, job.id()).orElseThrow();
            if (now.status() != JobStatus.RUNNING) {
                throw ApiException.badRequest("Job " + job.id() + " has the status '" + now.status().wire()
                        + "'; only a running job can be paused.", "fine_tune_id");
            }
            if (now.lastStep() == 0) {
                throw ApiException.badRequest("Job " + job.id()
                        + " has not done its first step yet; pause it after that, or cancel it.", "fine_tune_id");
            }
            move(handle, job.id(), JobStatus.RUNNING, JobStatus.PAUSED,
                    List.of(JobEvent.Draft.info("Fine-tuning job paused")));
            return find(handle, job.id()).orElseThrow();
        });
    }

    /**
     * Lets a paused job wait for its turn again; it goes on where it was.
     *
     * @throws ApiException 400 where it is not paused
     */
    Job resume(Job job) {
        return database.write(handle -> {
            Job now = find(handle, job.id()).orElseThrow();
            if (now.status() != JobStatus.PAUSED) {
                throw ApiException.badRequest("Job " + job.id() + " has the status '" + now.status().wire()
                        + "'; only a paused job can be resumed.", "fine_tune_id");
            }
            move(handle, job.id(), JobStatus.PAUSED, JobStatus.QUEUED,
                    List.of(JobEvent.Draft.info("Moving job to queued state")));
            return find(handle, job.id()).orElseThrow();
        });
    }

    /** Whether a job is still paused where it was, and has no checkpoint of that step yet. */
    boolean isWithoutCheckpoint(Job paused) {
        return database.read(handle -> handle.createQuery("select count(*) from jobs j where j.id = :id and"
                + " j.status = :status and not exists (select 1 from checkpoints c where c.job_id = j.id and"
                + " c.step >= :step)").bind("id", paused.id()).bind("status", JobStatus.PAUSED.wire())
                .bind("step", paused.lastStep()).mapTo(Integer.class).one() > 0);
    }

    /** Those that are paused. */
    List<Job> paused() {
        return database.read(handle -> handle.createQuery("select * from jobs where status = :status")
                .bind("status", JobStatus.PAUSED.wire()).map((row, context) -> Job.read(row)).list());
    }

    void tell(String jobId, JobEvent.Draft event) {
        database.write(handle -> {
            JobEvent.append(handle, jobId, List.of(event));
            return true;
        });
    }

    /**
     * The one way a status changes: from what it is expected to be, with the events that say so. Part of the caller's
     * transaction.
     *
     * @return false where the job has moved on already; nothing is written then
     */
    static boolean move(Handle handle, String id, JobStatus expected, JobStatus next, List<JobEvent.Draft> events) {
        int moved = handle.execute("update jobs set status = ?, finished_at = ? where id = ? and status = ?",
                next.wire(), next.isTerminal() ? Times.nowSeconds() : null, id, expected.wire());
        if (moved == 1) {
            JobEvent.append(handle, id, events);
        }
        return moved == 1;
    }

    private static List<JobEvent.Draft> append(List<JobEvent.Draft> notes, JobEvent.Draft last) {
        var all = new ArrayList<>(notes);
        all.add(last);
        return all;
    }

    private static ApiException unknownAfter(String after) {
        return ApiException.badRequest("Invalid 'after': there is nothing with the id " + after + " in this list.",
                "after");
    }
}
