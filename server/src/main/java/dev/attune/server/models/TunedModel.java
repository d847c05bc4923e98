package dev.attune.server.models;

import dev.attune.server.protocol.Caller;
import dev.attune.server.store.Times;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * A model that a job made, finished or as a checkpoint.
 *
 * @param base the name of its base model
 * @param adapter its PEFT directory, or, where all weights were trained, its model directory
 */
public record TunedModel(String name, long createdAt, String base, String jobId, Path adapter) {

    /** Whether it is a model of its own, not an adapter on its base. */
    boolean isWhole() {
        return Files.isRegularFile(adapter.resolve("config.json"));
    }

    public static void add(Handle handle, String name, String base, String jobId, Path adapter) {
        handle.execute("insert into models (name, created_at, base, job_id, adapter) values (?, ?, ?, ?, ?)", name,
                Times.nowSeconds(), base, jobId, adapter.toString());
    }

    static Optional<TunedModel> find(Handle handle, String name) {
        return handle.createQuery("select * from models where name = :name" + owned())
                .bind("name", name)
                .map((row, context) -> read(row)).findOne();
    }

    static List<TunedModel> all(Handle handle) {
        return handle.createQuery("select * from models where true" + owned() + " order by seq")
                .map((row, context) -> read(row)).list();
    }

    /** A model is its job's organization's. */
    private static String owned() {
        String jobs = Caller.now().restriction("organization");
        return jobs.isEmpty() ? "" : " and job_id in (select id from jobs where true" + jobs + ")";
    }

    /** Whether it was there. */
    static boolean delete(Handle handle, String name) {
        return handle.execute("delete from models where name = ?", name) == 1;
    }

    private static TunedModel read(ResultSet row) throws SQLException {
        return new TunedModel(row.getString("name"), row.getLong("created_at"), row.getString("base"),
                row.getString("job_id"), Path.of(row.getString("adapter")));
    }
}
