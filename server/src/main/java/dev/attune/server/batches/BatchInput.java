package dev.attune.server.batches;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The lines of a batch's file, one after the other; blank ones are passed by. Whoever opens it closes it. */
final class BatchInput implements AutoCloseable {
    /** The most bytes of a line: as many as a request of its own may have. */
    private static final int MOST_BYTES = 32 << 20;

    private final InputStream in;
    private int line;

    BatchInput(Path file) throws IOException {
        this.in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    }

    /** The number of the line that was read last, from 1. */
    int line() {
        return line;
    }

    /**
     * The next line; empty at the end.
     *
     * @throws BatchLine.BadLineException where it is too long or not UTF-8
     */
    String next() throws IOException, BatchLine.BadLineException {
        while (true) {
            var bytes = new ByteArrayOutputStream();
            int b = in.read();
            if (b < 0) {
                return "";
            }
            line++;
            boolean tooLong = false;
            for (; b >= 0 && b != '\n'; b = in.read()) {
                tooLong = bytes.size() >= MOST_BYTES;
                if (!tooLong) {
                    bytes.write(b);
                }
            }
            if (tooLong) {
                throw new BatchLine.BadLineException("line_too_long", "This line has more than " + MOST_BYTES
                        + " bytes.", null, line);
            }
            String text = text(bytes.toByteArray());
            if (!text.isBlank()) {
                return text;
            }
        }
    }

    private String text(byte[] bytes) throws BatchLine.BadLineException {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return (line == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text).strip();
        } catch (CharacterCodingException e) {
            throw new BatchLine.BadLineException("invalid_json_line", "This line is not valid UTF-8.", null, line);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
