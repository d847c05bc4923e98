package dev.attune.server.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds everything a server keeps, locked for one server at a time. The lock is the operating system's:
 * it goes when the process goes, however it goes. Whoever opens a home closes it.
 */
public final class Home implements AutoCloseable {
    private final Path root;
    private final FileChannel lockChannel;

    private Home(Path root, FileChannel lockChannel) {
        this.root = root;
        this.lockChannel = lockChannel;
    }

    /**
     * Opens a home, making its folders where they are absent and removing half-received uploads.
     *
     * @throws ServerException where the folder cannot be used, or another server uses it
     */
    public static Home open(Path folder) {
        Path root = folder.toAbsolutePath().normalize();
        FileChannel lock = null;
        try {
            Files.createDirectories(root);
            lock = FileChannel.open(root.resolve("attune.lock"), StandardOpenOption.CREATE, StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            if (!tryLock(lock)) {
                throw new ServerException("Another Attune server (process " + content(lock) + ") is using " + root
                        + "; stop it, or choose another home.");
            }
            lock.truncate(0);
            lock.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
            Home home = new Home(root, lock);
            Files.createDirectories(home.files());
            Files.createDirectories(home.jobs());
            Files.createDirectories(home.incoming());
            Files.createDirectories(home.uploads());
            home.removeHalfUploads();
            return home;
        } catch (IOException e) {
            closeQuietly(lock);
            String advice = String.valueOf(e.getMessage()).contains("No space left")
                    ? "; make room on its disk, or choose a home on another one."
                    : "; choose a folder that this user may write to.";
            throw new ServerException("The home " + root + " cannot be used: " + reason(e) + advice, e);
        } catch (ServerException e) {
            closeQuietly(lock);
            throw e;
        }
    }

    /**
     * The folder of a home, made where it is absent.
     *
     * @throws ServerException where it cannot be made
     */
    public static Path made(Path folder) {
        Path root = folder.toAbsolutePath().normalize();
        try {
            return Files.createDirectories(root);
        } catch (IOException e) {
            throw new ServerException("The home " + root + " cannot be used: " + reason(e)
                    + "; choose a folder that this user may write to.", e);
        }
    }

    /** The database file. */
    public Path database() {
        return root.resolve("attune.db");
    }

    /** File contents, each under its SHA-256. */
    public Path files() {
        return root.resolve("files");
    }

    /** Uploads on their way in; nothing here survives a start. */
    public Path incoming() {
        return root.resolve("incoming");
    }

    /** Parts of files that are not complete yet: a folder for each upload. */
    public Path uploads() {
        return root.resolve("uploads");
    }

    /** One directory per fine-tuning job. */
    public Path jobs() {
        return root.resolve("jobs");
    }

    @Override
    public void close() {
        closeQuietly(lockChannel);
    }

    private void removeHalfUploads() throws IOException {
        try (var left = Files.newDirectoryStream(incoming())) {
            for (Path half : left) {
                // A folder is left where the server died while it looked at a file.
                try (Stream<Path> inside = Files.walk(half)) {
                    for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                        Files.deleteIfExists(path);
                    }
                }
            }
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            @Nullable
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static String content(FileChannel channel) throws IOException {
        var buffer = ByteBuffer.allocate(32);
        channel.read(buffer, 0);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8).strip();
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission is denied for " + e.getMessage();
        }
        if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        return e.getClass().getSimpleName() + " " + e.getMessage();
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // The lock goes with the process.
            }
        }
    }
}
