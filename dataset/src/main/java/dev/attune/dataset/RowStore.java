package dev.attune.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What is kept of rows to compare them: the line, question and answer as they are compared, and a hash of the instructions.
 * They are written to two temporary files, the rows and where each begins, and read again by number. Whoever opens one
 * closes it, which deletes the files. Not thread-safe.
 */
final class RowStore implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int HEADER_BYTES = 4 * Integer.BYTES + 2 * Long.BYTES;

    private final Path folder;
    private final Path[] files = new Path[2];
    private final FileChannel rows;
    private final FileChannel starts;
    private final ByteBuffer rowBuffer = ByteBuffer.allocate(BUFFER_BYTES);
    private final ByteBuffer startBuffer = ByteBuffer.allocate(BUFFER_BYTES);
    private long end;
    private int size;

    /** A row as it is compared. */
    record Stored(int line, String question, String answer, long instructionsHigh, long instructionsLow) {
        AnswerConflict conflict() {
            return new AnswerConflict(question, answer, instructionsHigh + " " + instructionsLow);
        }

        String whole() {
            return NormalText.whole(question, answer);
        }
    }

    private RowStore(Path folder) throws IOException {
        this.folder = folder;
        this.rows = open(0);
        this.starts = open(1);
    }

    static RowStore create(Path folder) throws IOException {
        return new RowStore(folder);
    }

    private FileChannel open(int number) throws IOException {
        files[number] = Files.createTempFile(folder, "rows-", ".bin");
        return FileChannel.open(files[number], StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    int size() {
        return size;
    }

    /** Keeps a row; its number is how many were kept before. */
    int add(ScanRow row) {
        byte[] question = row.question();
        byte[] answer = row.answer();
        var header = ByteBuffer.allocate(HEADER_BYTES).putInt(row.line()).putInt(question.length)
                .putInt(answer.length).putInt(0).putLong(row.instructions().high()).putLong(row.instructions().low());
        try {
            put(starts, startBuffer, ByteBuffer.allocate(Long.BYTES).putLong(end).array());
            put(rows, rowBuffer, header.array());
            put(rows, rowBuffer, question);
            put(rows, rowBuffer, answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        end += HEADER_BYTES + question.length + (long) answer.length;
        return size++;
    }

    private static void put(FileChannel channel, ByteBuffer buffer, byte[] bytes) throws IOException {
        if (buffer.remaining() < bytes.length) {
            flush(channel, buffer);
        }
        if (buffer.remaining() < bytes.length) {
            write(channel, ByteBuffer.wrap(bytes));
        } else {
            buffer.put(bytes);
        }
    }

    private static void flush(FileChannel channel, ByteBuffer buffer) throws IOException {
        buffer.flip();
        write(channel, buffer);
        buffer.clear();
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    Stored get(int number) {
        try {
            ByteBuffer header = header(number);
            int line = header.getInt();
            int question = header.getInt();
            int answer = header.getInt();
            header.getInt();
            long high = header.getLong();
            long low = header.getLong();
            byte[] texts = read(rows, start(number) + HEADER_BYTES, question + answer).array();
            return new Stored(line, new String(texts, 0, question, StandardCharsets.UTF_8),
                    new String(texts, question, answer, StandardCharsets.UTF_8), high, low);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int line(int number) {
        try {
            return header(number).getInt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ByteBuffer header(int number) throws IOException {
        if (rowBuffer.position() > 0 || startBuffer.position() > 0) {
            flush(rows, rowBuffer);
            flush(starts, startBuffer);
        }
        return read(rows, start(number), HEADER_BYTES);
    }

    private long start(int number) throws IOException {
        return read(starts, (long) number * Long.BYTES, Long.BYTES).getLong();
    }

    private static ByteBuffer read(FileChannel channel, long from, int bytes) throws IOException {
        var buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                throw new IOException("a temporary file ends too early");
            }
        }
        return buffer.flip();
    }

    @Override
    public void close() {
        try {
            rows.close();
            starts.close();
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
