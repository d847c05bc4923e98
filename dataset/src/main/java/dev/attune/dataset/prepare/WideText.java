package dev.attune.dataset.prepare;

import dev.attune.dataset.DatasetException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files in UTF-16, which a byte order mark tells for certain, written again as UTF-8. */
final class WideText {
    private WideText() {}

    /** Whether a file begins with a byte order mark of UTF-16; false where it cannot be read. */
    static boolean is(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            int first = in.read();
            int second = in.read();
            return first == 0xFF && second == 0xFE || first == 0xFE && second == 0xFF;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Writes a file in UTF-16 as UTF-8 without a mark.
     *
     * @throws DatasetException where it is not UTF-16 throughout, or one of the two cannot be read or written
     */
    static void asUtf8(Path file, Path output) {
        try (Reader in = new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_16.newDecoder());
                Writer out = Files.newBufferedWriter(output)) {
            in.transferTo(out);
        } catch (CharacterCodingException e) {
            throw new DatasetException(
                    file + " begins as UTF-16 and does not go on so; save it as UTF-8 where it was made",
                    e);
        } catch (IOException e) {
            throw new DatasetException(file + " cannot be written as UTF-8 to " + output + ": " + e, e);
        }
    }
}
