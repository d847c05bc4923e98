package dev.attune.server.batches;

import dev.attune.server.protocol.Caller;
import dev.attune.server.protocol.CreateKey;
import dev.attune.server.protocol.Metadata;
import dev.attune.server.store.Database;
import dev.attune.server.store.Ids;
import dev.attune.server.store.Page;
import dev.attune.server.store.Times;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The batches of a home and the answers they have so far. An answer that is added is on disk. Thread-safe. */
public final class BatchStore {
    public static final long WINDOW_SECONDS = 24 * 3600;

    private final Database database;

    public BatchStore(Database database) {
        this.database = database;
    }

    /**
     * What a batch is asked for.
     *
     * @param outputSeconds how long its files live; null for always
     */
    record Wanted(String inputFile, String endpoint, String window, Map<String, String> metadata,
            @Nullable Long outputSeconds) {}

    /** Adds a batch, or finds the one that the same request has made before. */
    Batch create(Wanted wanted, CreateKey key) {
        String id = Ids.next("batch_");
        long now = Times.nowSeconds();
        return database.write(handle -> {
            Optional<Batch> before = made(handle, key);
            if (before.isPresent()) {
                return before.get();
            }
            handle.createUpdate("insert into batches (id, created_at, expires_at, status, endpoint, input_file,"
                    + " completion_window, metadata, output_seconds, idempotency_key, request_hash, organization)"
                    + " values (:id, :now,"
                    + " :expires, :status, :endpoint, :input, :window, :metadata, :seconds, :key, :hash, :organization)")
                    .bind("organization", Caller.now().organization())
                    .bind("id", id).bind("now", now).bind("expires", now + WINDOW_SECONDS)
                    .bind("status", BatchStatus.VALIDATING.wire()).bind("endpoint", wanted.endpoint())
                    .bind("input", wanted.inputFile()).bind("window", wanted.window())
                    .bind("metadata", Metadata.stored(wanted.metadata())).bind("seconds", wanted.outputSeconds())
                    .bind("key", key.key()).bind("hash", key.bodyHash()).execute();
            return find(handle, id).orElseThrow();
        });
    }

    private static Optional<Batch> made(Handle handle, CreateKey key) {
        String known = key.key();
        if (known != null) {
            Optional<Batch> before = handle
                    .createQuery("select " + Batch.COLUMNS + " from batches b where idempotency_key = ?").bind(0, known)
                    .map((row, context) -> Batch.read(row)).findOne();
            boolean same = before.isEmpty() || handle.createQuery("select request_hash from batches where id = ?")
                    .bind(0, before.get().id()).mapTo(String.class).one().equals(key.bodyHash());
            if (!same) {
                throw key.usedForAnother();
            }
            return before;
        }
        return key.retry()
                ? handle.createQuery("select " + Batch.COLUMNS + " from batches b where request_hash = ? and"
                        + " created_at >= ? and idempotency_key is null order by seq desc limit 1")
                        .bind(0, key.bodyHash()).bind(1, Times.nowSeconds() - CreateKey.RETRY_SECONDS)
                        .map((row, context) -> Batch.read(row)).findOne()
                : Optional.empty();
    }

    Optional<Batch> find(String id) {
        return database.read(handle -> find(handle, id));
    }

    private static Optional<Batch> find(Handle handle, String id) {
        return handle.createQuery("select " + Batch.COLUMNS + " from batches b where id = :id"
                + Caller.now().restriction("organization")).bind("id", id)
                .map((row, context) -> Batch.read(row)).findOne();
    }

    /** A page of batches, newest first. */
    Page<Batch> list(@Nullable Batch after, int limit) {
        return Page.of(database.read(handle -> handle
                .createQuery("select " + Batch.COLUMNS + " from batches b where seq < :after"
                        + Caller.now().restriction("organization") + " order by seq desc"
                        + " limit :limit")
                .bind("after", after == null ? Long.MAX_VALUE : after.seq()).bind("limit", limit + 1)
                .map((row, context) -> Batch.read(row)).list()), limit);
    }

    /** The oldest batch that is not over. */
    Optional<Batch> next() {
        return database.read(handle -> handle.createQuery("select " + Batch.COLUMNS
                + " from batches b where status in ('validating', 'in_progress', 'finalizing', 'cancelling')"
                + " order by seq limit 1").map((row, context) -> Batch.read(row)).findOne());
    }

    /**
     * Moves a batch on from the status it is taken to have.
     *
     * @param with what else is written in the same transaction
     * @return false where it has moved already; nothing is written then
     */
    boolean move(String id, BatchStatus expected, BatchStatus next, Consumer<Handle> with) {
        return database.write(handle -> {
            boolean moved = move(handle, id, expected, next);
            if (moved) {
                with.accept(handle);
            }
            return moved;
        });
    }

    static boolean move(Handle handle, String id, BatchStatus expected, BatchStatus next) {
        return handle.execute("update batches set status = ?, " + next.column() + " = ? where id = ? and status = ?",
                next.wire(), Times.nowSeconds(), id, expected.wire()) == 1;
    }

    /** The lines that have an answer. */
    Set<Integer> answered(String id) {
        return new HashSet<>(database.read(handle -> handle
                .createQuery("select line from batch_answers where batch_id = :id").bind("id", id)
                .mapTo(Integer.class).list()));
    }

    /** Keeps the answer of a line; a second answer of the same line is dropped. */
    void answer(String id, int line, BatchLine.Answer answer) {
        database.write(handle -> {
            int added = handle.execute("insert into batch_answers (batch_id, line, failed, answer) values (?, ?, ?, ?)"
                    + " on conflict do nothing", id, line, answer.failed() ? 1 : 0, answer.json());
            if (added == 1) {
                handle.execute("update batches set input_tokens = input_tokens + ?, output_tokens = output_tokens + ?"
                        + " where id = ?", answer.inputTokens(), answer.outputTokens(), id);
            }
            return added;
        });
    }

    /** Gives all answers of one kind in the order of their lines, one after the other. */
    void answers(String id, boolean failed, Consumer<String> taker) {
        int after = 0;
        while (true) {
            int from = after;
            List<Map.Entry<Integer, String>> some = database.read(handle -> handle
                    .createQuery("select line, answer from batch_answers where batch_id = :id and failed = :failed and"
                            + " line > :after order by line limit 100")
                    .bind("id", id).bind("failed", failed ? 1 : 0).bind("after", from)
                    .map((row, context) -> Map.entry(row.getInt("line"), row.getString("answer"))).list());
            if (some.isEmpty()) {
                return;
            }
            some.forEach(one -> taker.accept(one.getValue()));
            after = some.getLast().getKey();
        }
    }
}
