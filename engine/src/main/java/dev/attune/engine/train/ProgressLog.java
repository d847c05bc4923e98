package dev.attune.engine.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * The writing end of {@code progress.jsonl}. Opening cuts off a last line that was torn by a crash; every appended line
 * is forced to disk before {@link #append} returns. One writer at a time: the job's lock guards it.
 */
final class ProgressLog implements AutoCloseable {
    private final FileChannel channel;
    private final List<Progress> lines;
    private Optional<DiskRoom> room = Optional.empty();

    private ProgressLog(FileChannel channel, List<Progress> lines) {
        this.channel = channel;
        this.lines = lines;
    }

    static ProgressLog open(Path file) throws IOException {
        var reader = new ProgressReader(file);
        List<Progress> lines = reader.poll();
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        channel.truncate(reader.position());
        channel.position(reader.position());
        return new ProgressLog(channel, lines);
    }

    /** From now on waits where the disk is full. */
    void waitFor(DiskRoom until) {
        room = Optional.of(until);
    }

    /** What the file held when it was opened, and what was appended since. */
    List<Progress> lines() {
        return lines;
    }

    /**
     * Appends one line.
     *
     * @param line makes the line when told its number
     * @return the time and number are the line's own
     */
    <P extends Progress> P append(LongFunction<P> line) throws IOException {
        return room.isPresent() ? room.get().write(this::note, () -> write(line)) : write(line);
    }

    private <P extends Progress> P write(LongFunction<P> line) throws IOException {
        P progress = line.apply(lines.size() + 1L);
        long before = channel.position();
        try {
            ByteBuffer bytes = ByteBuffer.wrap((ProgressJson.write(progress) + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        } catch (IOException e) {
            channel.truncate(before);
            channel.position(before);
            throw e;
        }
        lines.add(progress);
        return progress;
    }

    void note(Progress.Level level, String message) throws IOException {
        append(seq -> new Progress.Note(seq, Instant.now(), level, message));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
