package dev.attune.dataset.format;

import dev.attune.dataset.DatasetException;
import java.nio.file.Path;

/** Says what a file of examples is: by what stands in it, never by its name. Thread-safe. */
public final class DataFiles {
    private DataFiles() {}

    /**
     * Recognises a file by its content.
     *
     * @throws DatasetException where the file cannot be read, is of no known kind, or can be read in two ways; the sentence
     *             then names the option that decides
     */
    public static Detected detect(Path file) {
        return detect(file, ReadOptions.defaults());
    }

    /**
     * Recognises what the options do not say.
     *
     * @throws DatasetException as {@link #detect(Path)}, and where an option contradicts the content
     */
    public static Detected detect(Path file, ReadOptions options) {
        throw new UnsupportedOperationException();
    }
}
