package dev.attune.server.jobs;

import dev.attune.server.store.Ids;
import dev.attune.server.store.Page;
import dev.attune.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint of a job, made at an epoch's end; the last three are kept. Each is a model of its own.
 *
 * @param model its name as a model
 * @param metrics JSON object
 */
record JobCheckpoint(long seq, String id, String jobId, long createdAt, int step, String model, String metrics) {
    /** How many checkpoints of a job are kept. */
    static final int KEPT = 3;

    static boolean exists(Handle handle, String jobId, int step) {
        return handle.createQuery("select count(*) from checkpoints where job_id = :job and step = :step")
                .bind("job", jobId).bind("step", step).mapTo(Integer.class).one() > 0;
    }

    /** Adds a checkpoint and forgets the ones that are no longer kept, as models too. */
    static void add(Handle handle, String jobId, int step, String model, String metrics) {
        handle.execute("insert into checkpoints (id, job_id, created_at, step, model, metrics) values"
                + " (?, ?, ?, ?, ?, ?)", Ids.next("ftckpt_"), jobId, Times.nowSeconds(), step, model, metrics);
        List<String> old = handle
                .createQuery("select model from checkpoints where job_id = :job order by step desc limit 1000 offset "
                        + KEPT)
                .bind("job", jobId).mapTo(String.class).list();
        for (String name : old) {
            handle.execute("delete from checkpoints where model = ?", name);
            handle.execute("delete from models where name = ?", name);
        }
    }

    static Optional<JobCheckpoint> find(Handle handle, String jobId, String id) {
        return handle.createQuery("select * from checkpoints where job_id = :job and id = :id").bind("job", jobId)
                .bind("id", id).map((row, context) -> read(row)).findOne();
    }

    /** A page of a job's checkpoints, newest first. */
    static Page<JobCheckpoint> list(Handle handle, String jobId, @Nullable JobCheckpoint after, int limit) {
        return Page.of(handle
                .createQuery("select * from checkpoints where job_id = :job and step < :after order by step desc"
                        + " limit :limit")
                .bind("job", jobId).bind("after", after == null ? Long.MAX_VALUE : after.step())
                .bind("limit", limit + 1).map((row, context) -> read(row)).list(), limit);
    }

    JobWire.Checkpoint wire() {
        return new JobWire.Checkpoint(id, "fine_tuning.job.checkpoint", createdAt, model, jobId, step,
                metrics);
    }

    private static JobCheckpoint read(ResultSet row) throws SQLException {
        return new JobCheckpoint(row.getLong("seq"), row.getString("id"), row.getString("job_id"),
                row.getLong("created_at"), row.getInt("step"), row.getString("model"), row.getString("metrics"));
    }
}
