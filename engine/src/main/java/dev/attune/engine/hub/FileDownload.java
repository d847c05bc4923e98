package dev.attune.engine.hub;

import dev.attune.engine.DurableFiles;
import dev.attune.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * Fetches one file into {@code NAME.part}, goes on where an earlier attempt ended, checks the sum and only then gives it
 * its name.
 */
final class FileDownload {
    static final String PART = ".part";

    private final HubClient client;
    private final String commit;
    private final HubFile file;
    private final Path target;
    private final Path part;
    private final Duration patience;

    FileDownload(HubClient client, String commit, HubFile file, Path folder, Duration patience) {
        this.client = client;
        this.commit = commit;
        this.file = file;
        this.patience = patience;
        this.target = folder.resolve(file.path());
        this.part = folder.resolve(file.path() + PART);
    }

    /** Whether it is there already; it was checked before it got its name. */
    boolean isDone() throws IOException {
        return Files.isRegularFile(target) && (file.size() < 0 || Files.size(target) == file.size());
    }

    /** How many bytes of it are on the disk. */
    long present() throws IOException {
        return isDone() ? Files.size(target) : Files.isRegularFile(part) ? Files.size(part) : 0;
    }

    /**
     * Fetches what is missing.
     *
     * @param progress told how many bytes of the file there are
     * @throws Wrong where all of it came and it is not what the hub says
     */
    void run(LongConsumer progress) throws IOException {
        Files.createDirectories(target.resolveSibling("x").getParent());
        long from = Files.isRegularFile(part) ? Files.size(part) : 0;
        if (file.size() >= 0 && from > file.size()) {
            Files.delete(part);
            from = 0;
        }
        Sum sum = file.size() == from && from > 0 ? stored(file) : fetch(from, progress);
        long size = Files.size(part);
        if (sum.file.size() >= 0 && size < sum.file.size()) {
            throw new IOException("the connection ended after " + size + " of " + sum.file.size() + " bytes");
        }
        if (sum.file.size() >= 0 && size > sum.file.size() || !sum.digest.fits()) {
            Files.delete(part);
            throw new Wrong(file.path());
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        progress.accept(size);
    }

    /** A file as it is known, and the sum of what there is of it. */
    private record Sum(HubFile file, HubDigest digest) {}

    private Sum stored(HubFile known) throws IOException {
        HubDigest digest = HubDigest.of(known);
        digest.add(part);
        return new Sum(known, digest);
    }

    private Sum fetch(long from, LongConsumer progress) throws IOException {
        HubClient.Answer answer = client.file(commit, file.path(), from);
        try (InputStream body = answer.body()) {
            if (answer.status() == 416) {
                Files.delete(part);
                throw new IOException("the hub has no byte " + from + " of " + file.path());
            }
            boolean goesOn = answer.status() == 206 && answer.rangeStart() == from;
            HubFile known = file.learned(answer.tag(), answer.size());
            Sum sum = goesOn ? stored(known) : new Sum(known, HubDigest.of(known));
            try (OutputStream out = goesOn
                    ? Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    : Files.newOutputStream(part)) {
                copy(body, out, sum.digest, goesOn ? from : 0, progress);
            }
            return sum;
        }
    }

    private void copy(InputStream body, OutputStream out, HubDigest sum, long from, LongConsumer progress)
            throws IOException {
        var buffer = new byte[1 << 16];
        long done = from;
        try (var watch = new StallWatch(body, patience)) {
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                watch.moved();
                write(out, buffer, read);
                sum.add(buffer, read);
                done += read;
                progress.accept(done);
            }
        }
    }

    private static void write(OutputStream out, byte[] buffer, int count) throws IOException {
        try {
            out.write(buffer, 0, count);
        } catch (IOException e) {
            // Asking again does not mend the disk.
            throw new EngineException(DurableFiles.isDiskFull(e)
                    ? "The disk became full; make room, or give --out a folder on another disk. What has come is kept."
                    : "The download cannot be written: " + e.getMessage() + ".", e);
        }
    }

    /** All of a file came, and it is another one. */
    static final class Wrong extends IOException {
        private static final long serialVersionUID = 1L;

        Wrong(String path) {
            super(path + " is not what the hub says it is");
        }
    }
}
