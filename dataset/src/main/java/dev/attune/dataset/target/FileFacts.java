package dev.attune.dataset.target;

import dev.attune.dataset.DatasetException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What a provider sees of a file before it reads a row.
 *
 * @param bytes its size
 * @param byteOrderMark whether it begins with the UTF-8 byte order mark
 */
public record FileFacts(long bytes, boolean byteOrderMark) {
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /**
     * Looks at a file.
     *
     * @throws DatasetException where it cannot be read
     */
    public static FileFacts of(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new FileFacts(Files.size(file), Arrays.equals(in.readNBytes(MARK.length), MARK));
        } catch (IOException e) {
            throw new DatasetException(file + " cannot be read: " + e + ".", e);
        }
    }
}
