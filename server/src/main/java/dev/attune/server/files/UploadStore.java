package dev.attune.server.files;

import dev.attune.server.protocol.Caller;
import dev.attune.server.store.Database;
import dev.attune.server.store.Home;
import dev.attune.server.store.Ids;
import dev.attune.server.store.Times;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The uploads of a home and their parts. A part that was acknowledged is on disk; one that is on disk without a row, left
 * by a crash, is removed at the next start. Thread-safe: parts of one upload can arrive side by side.
 */
public final class UploadStore {
    public static final long SECONDS_TO_COMPLETE = 3600;

    private final Database database;
    private final Path folder;

    public UploadStore(Database database, Home home) {
        this.database = database;
        this.folder = home.uploads();
    }

    Upload create(String filename, String purpose, String mimeType, long bytes, @Nullable Long secondsToLive) {
        String id = Ids.next("upload_");
        long now = Times.nowSeconds();
        return database.write(handle -> {
            handle.createUpdate("insert into uploads (id, created_at, expires_at, bytes, filename, purpose, mime_type,"
                    + " seconds_to_live, status, organization) values (:id, :now, :expires, :bytes, :filename, :purpose, :mime,"
                    + " :life, :status, :organization)").bind("organization", Caller.now().organization())
                    .bind("id", id).bind("now", now)
                    .bind("expires", now + SECONDS_TO_COMPLETE).bind("bytes", bytes).bind("filename", filename)
                    .bind("purpose", purpose).bind("mime", mimeType).bind("life", secondsToLive)
                    .bind("status", Upload.PENDING).execute();
            return find(handle, id).orElseThrow();
        });
    }

    Optional<Upload> find(String id) {
        return database.read(handle -> find(handle, id));
    }

    private static Optional<Upload> find(Handle handle, String id) {
        return handle.createQuery("select * from uploads where id = :id" + Caller.now().restriction("organization"))
                .bind("id", id)
                .map((row, context) -> Upload.read(row)).findOne();
    }

    /** The parts that an upload has. */
    List<Upload.Part> parts(String uploadId) {
        return database.read(handle -> handle.createQuery("select * from upload_parts where upload_id = :upload")
                .bind("upload", uploadId)
                .map((row, context) -> new Upload.Part(row.getString("id"), row.getLong("created_at"),
                        row.getLong("bytes")))
                .list());
    }

    /**
     * Keeps a part that has arrived.
     *
     * @return empty where the upload is no longer pending
     */
    Optional<Upload.Part> add(Upload upload, Contents.Received received) throws IOException {
        var part = new Upload.Part(Ids.next("part_"), Times.nowSeconds(), received.bytes());
        Path target = path(upload.id(), part.id());
        Files.createDirectories(folder.resolve(upload.id()));
        Files.move(received.aside(), target, StandardCopyOption.ATOMIC_MOVE);
        sync(folder.resolve(upload.id()));
        sync(folder);
        boolean kept = database.write(handle -> handle.execute(
                "insert into upload_parts (id, upload_id, created_at, bytes) select ?, id, ?, ? from uploads"
                        + " where id = ? and status = ?",
                part.id(), part.createdAt(), part.bytes(), upload.id(), Upload.PENDING) == 1);
        if (!kept) {
            Files.deleteIfExists(target);
        }
        return kept ? Optional.of(part) : Optional.empty();
    }

    /** Where the bytes of a part are. */
    Path path(String uploadId, String partId) {
        return folder.resolve(uploadId).resolve(partId);
    }

    /** Ends a pending upload; part of the caller's transaction. False where it has ended already. */
    static boolean end(Handle handle, String id, String status, @Nullable String fileId) {
        return handle.execute("update uploads set status = ?, file_id = ? where id = ? and status = ?", status, fileId,
                id, Upload.PENDING) == 1;
    }

    /** Ends a pending upload without a file, and removes its parts. */
    boolean end(String id, String status) {
        boolean ended = database.write(handle -> end(handle, id, status, null));
        if (ended) {
            removeParts(id);
        }
        return ended;
    }

    /** Removes the bytes of an upload that has ended. */
    void removeParts(String uploadId) {
        Path parts = folder.resolve(uploadId);
        try {
            if (Files.isDirectory(parts)) {
                for (Path part : children(parts)) {
                    Files.deleteIfExists(part);
                }
                Files.deleteIfExists(parts);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        database.write(handle -> handle.execute("delete from upload_parts where upload_id = ?", uploadId));
    }

    /** Ends the uploads whose hour is over. */
    void expire() {
        List<String> over = database.read(handle -> handle
                .createQuery("select id from uploads where status = :status and expires_at <= :now")
                .bind("status", Upload.PENDING).bind("now", Times.nowSeconds()).mapTo(String.class).list());
        over.forEach(id -> end(id, Upload.EXPIRED));
    }

    /** Removes what a crash left: bytes of parts without a row, and of uploads that have ended. */
    public void recover() {
        Set<String> known = new HashSet<>(database.read(handle -> handle
                .createQuery("select p.upload_id || '/' || p.id from upload_parts p join uploads u on"
                        + " u.id = p.upload_id where u.status = :status")
                .bind("status", Upload.PENDING).mapTo(String.class).list()));
        try {
            for (Path upload : children(folder)) {
                for (Path part : children(upload)) {
                    if (!known.contains(upload.getFileName() + "/" + part.getFileName())) {
                        Files.deleteIfExists(part);
                    }
                }
                try (Stream<Path> left = Files.list(upload)) {
                    if (left.findAny().isEmpty()) {
                        Files.deleteIfExists(upload);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        expire();
    }

    private static List<Path> children(Path directory) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            var all = new java.util.ArrayList<Path>();
            children.forEach(all::add);
            return all;
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
