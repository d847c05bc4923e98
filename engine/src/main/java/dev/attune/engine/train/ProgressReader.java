package dev.attune.engine.train;

import dev.attune.engine.EngineException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The reading end of {@code progress.jsonl}: gives each complete line once, and leaves a line that is still being
 * written for later. Not thread-safe; any number of readers may follow one file.
 */
public final class ProgressReader {
    private final Path file;
    private long position;

    ProgressReader(Path file) {
        this.file = file;
    }

    /**
     * The lines that have become complete since the last call, oldest first.
     *
     * @throws EngineException where the file cannot be read, or a complete line is not progress
     */
    public List<Progress> poll() {
        var lines = new ArrayList<Progress>();
        if (!Files.exists(file)) {
            return lines;
        }
        byte[] bytes = readOn();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                lines.add(ProgressJson.read(new String(bytes, start, i - start, StandardCharsets.UTF_8), file));
                start = i + 1;
            }
        }
        position += start;
        return lines;
    }

    /** Bytes read so far, all of them whole lines. */
    long position() {
        return position;
    }

    private byte[] readOn() {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var buffer = ByteBuffer.allocate(Math.toIntExact(Math.max(0, channel.size() - position)));
            long at = position;
            while (buffer.hasRemaining()) {
                int count = channel.read(buffer, at);
                if (count < 0) {
                    break;
                }
                at += count;
            }
            return java.util.Arrays.copyOf(buffer.array(), buffer.position());
        } catch (IOException e) {
            throw new EngineException(
                    "The progress of the job cannot be read from " + file + ": " + e.getMessage() + ".",
                    e);
        }
    }
}
