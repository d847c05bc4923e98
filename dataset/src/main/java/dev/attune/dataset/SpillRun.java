package dev.attune.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Sorted records in a temporary file, read from the first to the last. Whoever opens one closes it, which deletes the file. */
final class SpillRun implements AutoCloseable, Comparable<SpillRun> {
    private static final int BUFFER_BYTES = 1 << 15;

    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private final long[] record;

    private SpillRun(Path file, FileChannel channel, int width) {
        this.file = file;
        this.channel = channel;
        this.record = new long[width];
    }

    static SpillRun create(Path folder, int width) throws IOException {
        Path file = Files.createTempFile(folder, "run-", ".bin");
        return new SpillRun(file, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE), width);
    }

    void write(long[] next) throws IOException {
        for (long value : next) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            buffer.putLong(value);
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    /** Ends writing and goes to the first record. */
    void rewind() throws IOException {
        flush();
        channel.position(0);
        buffer.limit(0);
    }

    /** Reads the next record; false at the end. */
    boolean next() throws IOException {
        for (int i = 0; i < record.length; i++) {
            if (!buffer.hasRemaining() && !fill()) {
                return false;
            }
            record[i] = buffer.getLong();
        }
        return true;
    }

    private boolean fill() throws IOException {
        buffer.clear();
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            continue;
        }
        buffer.flip();
        return buffer.hasRemaining();
    }

    /** The record that was read last; the array is used again for the next. */
    long[] record() {
        return record;
    }

    @Override
    public int compareTo(SpillRun other) {
        return Arrays.compare(record, other.record);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }
}
