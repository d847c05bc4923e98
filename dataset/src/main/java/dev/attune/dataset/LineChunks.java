package dev.attune.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A stream cut into pieces of whole lines. A line that is longer than a piece makes its piece longer, up to
 * {@link LineReader#MAXIMUM_LINE_BYTES}; the rest of a line beyond that is left out. Not thread-safe; whoever made the stream
 * closes it.
 */
final class LineChunks {
    private final InputStream in;
    private final int size;
    private byte[] carried = new byte[0];
    private boolean ended;
    private int line = 1;

    /**
     * @param bytes the lines with their ends; the last of a file may lack it
     * @param firstLine the number of its first line; the first of the file is 1
     */
    record Chunk(byte[] bytes, int length, int firstLine) {
        /** Whether the file begins here. */
        boolean first() {
            return firstLine == 1;
        }
    }

    LineChunks(InputStream in, int size) {
        this.in = in;
        this.size = size;
    }

    /** The next piece, or null at the end of the stream. */
    @Nullable
    Chunk next() throws IOException {
        byte[] bytes = Arrays.copyOf(carried, Math.max(size, carried.length + size / 2));
        int length = carried.length;
        while (true) {
            if (!ended) {
                int read = in.readNBytes(bytes, length, bytes.length - length);
                length += read;
                ended = length < bytes.length;
            }
            if (length == 0) {
                return null;
            }
            int cut = ended ? length : lastLineEnd(bytes, length);
            if (cut > 0) {
                carried = Arrays.copyOfRange(bytes, cut, length);
                return chunk(bytes, cut);
            }
            if (bytes.length > LineReader.MAXIMUM_LINE_BYTES) {
                carried = new byte[0];
                skipLine();
                Chunk chunk = chunk(bytes, length);
                line++;
                return chunk;
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(bytes.length * 2L, LineReader.MAXIMUM_LINE_BYTES + 1L));
        }
    }

    private Chunk chunk(byte[] bytes, int length) {
        var chunk = new Chunk(bytes, length, line);
        for (int i = 0; i < length; i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        return chunk;
    }

    private static int lastLineEnd(byte[] bytes, int length) {
        for (int i = length - 1; i >= 0; i--) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return 0;
    }

    private void skipLine() throws IOException {
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                ended = true;
                return;
            }
        }
    }
}
