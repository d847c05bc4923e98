package dev.attune.dataset.format;

import dev.attune.dataset.DatasetException;
import dev.attune.dataset.ForeignFile;
import dev.attune.dataset.Problem;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * A file's bytes, unpacked where they are compressed, after a byte order mark of UTF-8. What is no text in UTF-8 is refused
 * with the sentence that says why. Not thread-safe.
 *
 * @param in supports marks
 */
record FileBytes(InputStream in, boolean gzip) implements Closeable {
    private static final int BUFFER_BYTES = 1 << 16;

    /** Opens a file; throws {@link DatasetException} where it cannot be read or is of a kind that is not read. */
    static FileBytes open(Path file) {
        if (Files.isDirectory(file)) {
            throw new DatasetException(file + " is a directory; name the file in it");
        }
        InputStream in = null;
        try {
            in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
            boolean gzip = ForeignFile.isGzip(peek(in, 4));
            if (gzip) {
                in = new BufferedInputStream(new GZIPInputStream(in, BUFFER_BYTES), BUFFER_BYTES);
            }
            byte[] magic = peek(in, 4);
            Problem foreign = ForeignFile.recognise(file.toString(), magic);
            if (foreign != null) {
                throw new DatasetException(
                        gzip ? foreign.message() + "; what is compressed in it is meant" : foreign.message());
            }
            if (magic.length >= 3 && magic[0] == (byte) 0xEF && magic[1] == (byte) 0xBB && magic[2] == (byte) 0xBF) {
                in.skipNBytes(3);
            }
            return new FileBytes(in, gzip);
        } catch (IOException e) {
            close(in);
            throw unreadable(file, e);
        } catch (DatasetException e) {
            close(in);
            throw e;
        }
    }

    /** The next bytes, which stay unread. */
    static byte[] peek(InputStream in, int count) throws IOException {
        in.mark(count);
        byte[] bytes = in.readNBytes(count);
        in.reset();
        return bytes;
    }

    /** The sentence about a file that cannot be read, or not to its end. */
    static DatasetException unreadable(Path file, IOException e) {
        return new DatasetException(switch (e) {
            case NoSuchFileException missing -> file + " does not exist; check the path (relative to "
                    + Path.of("").toAbsolutePath() + ")";
            case AccessDeniedException denied -> file + " may not be read by this user; change its permissions";
            case EOFException cut -> file + " ends in the middle of its gzip data; it is not whole, so fetch it again";
            case ZipException broken -> file + " is damaged (" + e.getMessage() + "); fetch it again";
            default -> file + " cannot be read: " + e.getMessage();
        }, e);
    }

    private static void close(@Nullable InputStream in) {
        if (in != null) {
            try {
                in.close();
            } catch (IOException e) {
                // nothing was written, so nothing is lost
            }
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
