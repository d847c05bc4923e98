package dev.attune.dataset;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a stream as bytes, in constant memory but for one line. A line ends with LF; a CR before it is dropped, as
 * is a byte order mark before the first. Not thread-safe; whoever made the stream closes it.
 */
public final class LineReader {
    /** Longer lines are skipped, not held: 64 MiB. */
    public static final int MAXIMUM_LINE_BYTES = 64 << 20;

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private final int maximumLineBytes;
    private int start;
    private int end;
    private int number;
    private boolean tooLong;

    /** Lines of at most {@link #MAXIMUM_LINE_BYTES}. */
    public LineReader(InputStream in) {
        this(in, MAXIMUM_LINE_BYTES);
    }

    LineReader(InputStream in, int maximumLineBytes) {
        this.in = in;
        this.maximumLineBytes = maximumLineBytes;
    }

    /** The number of the line that {@link #next} gave last; the first is 1. */
    public int number() {
        return number;
    }

    /** Whether the line that {@link #next} gave last was cut because it is longer than the maximum. */
    public boolean tooLong() {
        return tooLong;
    }

    /** The next line without its end, or null at the end of the stream. */
    public byte @Nullable [] next() throws IOException {
        if (start == end && !fill()) {
            return null;
        }
        number++;
        tooLong = false;
        var parts = new ByteArrayOutputStream(0);
        while (true) {
            int newline = newline();
            int stop = newline < 0 ? end : newline;
            if (newline >= 0 && parts.size() == 0) {
                byte[] line = Arrays.copyOfRange(buffer, start, Math.min(stop, start + maximumLineBytes));
                tooLong = stop - start > maximumLineBytes;
                start = newline + 1;
                return trim(line);
            }
            int room = maximumLineBytes - parts.size();
            int length = stop - start;
            if (length > room) {
                tooLong = true;
            }
            parts.write(buffer, start, Math.min(length, room));
            start = newline < 0 ? end : newline + 1;
            if (newline >= 0 || !fill()) {
                return trim(parts.toByteArray());
            }
        }
    }

    private int newline() {
        for (int i = start; i < end; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private boolean fill() throws IOException {
        start = 0;
        end = Math.max(0, in.readNBytes(buffer, 0, buffer.length));
        return end > 0;
    }

    private byte[] trim(byte[] line) {
        int from = number == 1 && line.length >= 3 && line[0] == (byte) 0xEF && line[1] == (byte) 0xBB
                && line[2] == (byte) 0xBF ? 3 : 0;
        int to = line.length > from && line[line.length - 1] == '\r' ? line.length - 1 : line.length;
        return from == 0 && to == line.length ? line : Arrays.copyOfRange(line, from, to);
    }
}
