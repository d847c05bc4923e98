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
 * Something that happened to a job. Events are only ever added, numbered from 1 for each job.
 *
 * @param type {@code message} or {@code metrics}
 * @param data JSON object
 */
record JobEvent(long seq, String id, long createdAt, String level, String message, String type, String data) {

    /** An event that is not stored yet. */
    record Draft(String level, String message, String type, String data) {
        static Draft info(String message) {
            return new Draft("info", message, "message", "{}");
        }

        static Draft warn(String message) {
            return new Draft("warn", message, "message", "{}");
        }

        static Draft error(String message) {
            return new Draft("error", message, "message", "{}");
        }
    }

    /** Adds events to a job; part of the caller's transaction. */
    static void append(Handle handle, String jobId, List<Draft> drafts) {
        long next = handle.createQuery("select coalesce(max(seq), 0) + 1 from job_events where job_id = :job")
                .bind("job", jobId).mapTo(Long.class).one();
        for (Draft draft : drafts) {
            handle.execute("insert into job_events (job_id, seq, id, created_at, level, message, type, data)"
                    + " values (?, ?, ?, ?, ?, ?, ?, ?)", jobId, next++, Ids.next("ftevent-"), Times.nowSeconds(),
                    draft.level(), draft.message(), draft.type(), draft.data());
        }
    }

    static Optional<JobEvent> find(Handle handle, String jobId, String id) {
        return handle.createQuery("select * from job_events where job_id = :job and id = :id").bind("job", jobId)
                .bind("id", id).map((row, context) -> read(row)).findOne();
    }

    /** A page of a job's events, newest first. */
    static Page<JobEvent> list(Handle handle, String jobId, @Nullable JobEvent after, int limit) {
        return Page.of(handle
                .createQuery("select * from job_events where job_id = :job and seq < :after order by seq desc"
                        + " limit :limit")
                .bind("job", jobId).bind("after", after == null ? Long.MAX_VALUE : after.seq())
                .bind("limit", limit + 1).map((row, context) -> read(row)).list(), limit);
    }

    JobWire.Event wire() {
        return new JobWire.Event("fine_tuning.job.event", id, createdAt, level, message, type, data);
    }

    private static JobEvent read(ResultSet row) throws SQLException {
        return new JobEvent(row.getLong("seq"), row.getString("id"), row.getLong("created_at"),
                row.getString("level"), row.getString("message"), row.getString("type"), row.getString("data"));
    }
}
