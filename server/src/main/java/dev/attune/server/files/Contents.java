package dev.attune.server.files;

import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.LimitedOutput;
import dev.attune.server.store.Hash;
import dev.attune.server.store.Home;
import dev.attune.server.store.Ids;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * File contents on disk, each once, under its SHA-256. A content is received aside, synced and then renamed, so that it
 * is there whole or not at all. Thread-safe, but for {@link #keep} against {@link #remove} of the same content: the
 * caller orders those.
 */
public final class Contents {
    private final Path files;
    private final Path incoming;

    public Contents(Home home) {
        this.files = home.files();
        this.incoming = home.incoming();
    }

    /** Where a content is. */
    public Path path(String sha256) {
        return path(files, sha256);
    }

    /** Where a content is below a folder of contents. */
    public static Path path(Path files, String sha256) {
        return files.resolve(sha256.substring(0, 2)).resolve(sha256);
    }

    /** What writes a content into a stream. */
    public interface Writer {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * A content that has arrived whole and is on disk, but not yet kept. Closing it removes it, unless it was kept.
     */
    public record Received(Path aside, String sha256, long bytes) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            Files.deleteIfExists(aside);
        }
    }

    /**
     * Receives a content aside and syncs it.
     *
     * @throws ApiException 413 where it is larger than {@code max} bytes
     */
    public Received receive(Writer writer, long max) throws IOException {
        Path aside = incoming.resolve(Ids.next("in-"));
        try {
            MessageDigest digest = Hash.sha256();
            long bytes;
            try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE)) {
                var out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
                writer.writeTo(new LimitedOutput(new DigestOutputStream(out, digest), max, FilesApi::tooLarge));
                out.flush();
                channel.force(true);
                bytes = channel.size();
            }
            return new Received(aside, HexFormat.of().formatHex(digest.digest()), bytes);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(aside);
            throw e;
        }
    }

    /** Puts a received content in its place, for good. */
    void keep(Received received) throws IOException {
        Path target = path(received.sha256());
        if (Files.exists(target) && Files.size(target) == received.bytes()) {
            return;
        }
        Files.createDirectories(target.resolveSibling("x").getParent());
        try {
            Files.move(received.aside(), target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("the folders of the home must be on one file system", e);
        }
        sync(files.resolve(received.sha256().substring(0, 2)));
        sync(files);
    }

    void remove(String sha256) throws IOException {
        Files.deleteIfExists(path(sha256));
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
