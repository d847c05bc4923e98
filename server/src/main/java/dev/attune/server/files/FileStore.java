package dev.attune.server.files;

import dev.attune.server.protocol.Caller;
import dev.attune.server.store.Database;
import dev.attune.server.store.Ids;
import dev.attune.server.store.Page;
import dev.attune.server.store.Times;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The files of a home: contents by hash, and a row for each file that has such a content. A file exists when its content
 * and its row are both on disk; what {@link #add} returns survives a power cut. Thread-safe.
 */
public final class FileStore {
    private static final String ALIVE = "(expires_at is null or expires_at > :now)";

    private final Database database;
    private final Contents contents;
    /** Orders the last removal of a content against a new file with the same content. */
    private final ReentrantLock keeping = new ReentrantLock();

    public FileStore(Database database, Contents contents) {
        this.database = database;
        this.contents = contents;
    }

    /**
     * Adds a file.
     *
     * @param secondsToLive when it goes by itself; null for never
     */
    public StoredFile add(Contents.Received content, String filename, String purpose, @Nullable Long secondsToLive)
            throws IOException {
        keeping.lock();
        try {
            contents.keep(content);
            return database.write(
                    handle -> insert(handle, content.sha256(), content.bytes(), filename, purpose, secondsToLive));
        } finally {
            keeping.unlock();
        }
    }

    /** What else happens in the transaction that adds a file. */
    public interface With {
        /** False undoes the file. */
        boolean run(Handle handle, StoredFile file);
    }

    /**
     * Adds a file together with something else: both are on disk when this returns true, and neither otherwise.
     *
     * @param secondsToLive when it goes by itself; null for never
     */
    public boolean addWith(Contents.Received content, String filename, String purpose, @Nullable Long secondsToLive,
            With with) throws IOException {
        keeping.lock();
        try {
            contents.keep(content);
            boolean done = database.write(handle -> {
                StoredFile file = insert(handle, content.sha256(), content.bytes(), filename, purpose,
                        secondsToLive);
                boolean kept = with.run(handle, file);
                if (!kept) {
                    handle.execute("delete from files where id = ?", file.id());
                }
                return kept;
            });
            if (!done && !isReferred(content.sha256())) {
                contents.remove(content.sha256());
            }
            return done;
        } finally {
            keeping.unlock();
        }
    }

    /** The row of a file whose content is kept already; part of the caller's transaction. */
    private static StoredFile insert(Handle handle, String sha256, long bytes, String filename, String purpose,
            @Nullable Long secondsToLive) {
        long now = Times.nowSeconds();
        return handle
                .createQuery("insert into files (id, created_at, expires_at, bytes, filename, purpose, sha256,"
                        + " organization) values (:id, :now, :expires, :bytes, :filename, :purpose, :sha256,"
                        + " :organization) returning "
                        + StoredFile.COLUMNS)
                .bind("id", Ids.next("file-")).bind("now", now)
                .bind("expires", secondsToLive == null ? null : now + secondsToLive).bind("bytes", bytes)
                .bind("filename", filename).bind("purpose", purpose).bind("sha256", sha256)
                .bind("organization", Caller.now().organization())
                .map((row, context) -> StoredFile.read(row)).one();
    }

    public Optional<StoredFile> find(String id) {
        return database.read(handle -> handle
                .createQuery("select " + StoredFile.COLUMNS + " from files where id = :id and " + ALIVE
                        + Caller.now().restriction("organization"))
                .bind("id", id)
                .bind("now", Times.nowSeconds()).map((row, context) -> StoredFile.read(row)).findOne());
    }

    /**
     * A page of files.
     *
     * @param purpose only these; empty for all
     * @param after the file before the first one, or null for the start
     */
    Page<StoredFile> list(String purpose, boolean ascending, @Nullable StoredFile after, int limit) {
        String sql = "select " + StoredFile.COLUMNS + " from files where " + ALIVE
                + Caller.now().restriction("organization") + (purpose.isEmpty() ? "" : " and purpose = :purpose")
                + (after == null ? "" : ascending ? " and seq > :after" : " and seq < :after") + " order by seq "
                + (ascending ? "asc" : "desc") + " limit :limit";
        List<StoredFile> found = database.read(handle -> {
            var query = handle.createQuery(sql).bind("now", Times.nowSeconds()).bind("limit", limit + 1);
            if (!purpose.isEmpty()) {
                query.bind("purpose", purpose);
            }
            if (after != null) {
                query.bind("after", after.seq());
            }
            return query.map((row, context) -> StoredFile.read(row)).list();
        });
        return Page.of(found, limit);
    }

    /** Removes a file, and its content where no other file has it. */
    public boolean delete(StoredFile file) {
        keeping.lock();
        try {
            int removed = database.write(handle -> handle.execute("delete from files where id = ?", file.id()));
            if (!isReferred(file.sha256())) {
                contents.remove(file.sha256());
            }
            return removed == 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            keeping.unlock();
        }
    }

    /** Removes the files of a name and purpose, where there are any. */
    public void deleteNamed(String filename, String purpose) {
        List<StoredFile> named = database.read(handle -> handle
                .createQuery("select " + StoredFile.COLUMNS + " from files where purpose = :purpose and filename ="
                        + " :filename" + Caller.now().restriction("organization"))
                .bind("purpose", purpose).bind("filename", filename).map((row, context) -> StoredFile.read(row))
                .list());
        named.forEach(this::delete);
    }

    /** Removes the files whose time has come. */
    public void deleteExpired() {
        List<StoredFile> expired = database.read(handle -> handle
                .createQuery("select " + StoredFile.COLUMNS + " from files where expires_at <= :now")
                .bind("now", Times.nowSeconds()).map((row, context) -> StoredFile.read(row)).list());
        expired.forEach(this::delete);
    }

    public Path content(StoredFile file) {
        return contents.path(file.sha256());
    }

    private boolean isReferred(String sha256) {
        return database.read(handle -> handle.createQuery("select count(*) from files where sha256 = :sha256")
                .bind("sha256", sha256).mapTo(Integer.class).one()) > 0;
    }
}
