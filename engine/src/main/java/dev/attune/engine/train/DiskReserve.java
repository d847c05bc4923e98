package dev.attune.engine.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A little room on the disk kept back, so that a trainer that has filled it can still say so. Closing gives the room
 * back.
 */
final class DiskReserve implements AutoCloseable {
    private static final int BYTES = 64 * 1024;

    private final Path file;

    private DiskReserve(Path file) {
        this.file = file;
    }

    static DiskReserve take(Path file) {
        try {
            Files.write(file, new byte[BYTES]);
        } catch (IOException e) {
            // The disk is full already: the trainer will find out and say so as well as it can.
        }
        return new DiskReserve(file);
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // A file that cannot be removed gives no room, and does no harm.
        }
    }
}
