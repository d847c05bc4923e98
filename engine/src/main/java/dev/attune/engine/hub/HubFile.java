package dev.attune.engine.hub;

/**
 * A file of a model at a hub.
 *
 * @param size in bytes
 * @param sum what its content must add up to
 */
record HubFile(String path, long size, Checksum sum) {

    /** The same with what the hub said when it was asked for the file, where its list said nothing. */
    HubFile learned(String tag, long length) {
        Checksum known = !(sum instanceof Checksum.None) || tag.isEmpty()
                ? sum
                : tag.length() == 64 ? new Checksum.Sha256(tag) : new Checksum.GitBlob(tag);
        return new HubFile(path, size >= 0 ? size : length, known);
    }

    /** How a hub names content: large files by SHA-256, small ones as git does. */
    sealed interface Checksum {

        /** SHA-256 of the bytes. */
        record Sha256(String hex) implements Checksum {}

        /** SHA-1 of git's header of a blob and the bytes. */
        record GitBlob(String hex) implements Checksum {}

        /** The hub says nothing; the size must do. */
        record None() implements Checksum {}
    }
}
