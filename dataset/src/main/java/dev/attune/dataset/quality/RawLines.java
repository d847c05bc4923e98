package dev.attune.dataset.quality;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a stream with their ends, byte for byte. A line longer than 64 MiB comes in pieces. Not thread-safe; whoever
 * made the stream closes it.
 */
final class RawLines {
    private static final int LONGEST = 64 << 20;

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private boolean goesOn;

    RawLines(InputStream in) {
        this.in = in;
    }

    /**
     * @param bytes the line with its line end, if it has one
     * @param whole false where this is only a piece of a line that is too long to be looked at
     * @param last whether the line ends here
     */
    record RawLine(byte[] bytes, boolean whole, boolean last) {}

    /** The next line, or null at the end of the stream. */
    @Nullable
    RawLine next() throws IOException {
        var line = new ByteArrayOutputStream();
        boolean begun = !goesOn;
        while (line.size() < LONGEST && (start < end || fill())) {
            int stop = start;
            while (stop < end && buffer[stop] != '\n') {
                stop++;
            }
            boolean ended = stop < end;
            stop += ended ? 1 : 0;
            line.write(buffer, start, stop - start);
            start = stop;
            if (ended) {
                goesOn = false;
                return new RawLine(line.toByteArray(), begun, true);
            }
        }
        if (line.size() == 0) {
            return null;
        }
        goesOn = line.size() >= LONGEST;
        return new RawLine(line.toByteArray(), begun && !goesOn, !goesOn);
    }

    private boolean fill() throws IOException {
        start = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }
}
