package dev.attune.engine.data;

/**
 * A file of a job.
 *
 * @param path its place inside the job directory, or empty for none
 * @param hash SHA-256 in hex, or empty to leave it unchecked
 */
public record DataFile(String path, String hash) {
    /** No file. */
    public static final DataFile NONE = new DataFile("", "");

    public boolean isNone() {
        return path.isEmpty();
    }
}
