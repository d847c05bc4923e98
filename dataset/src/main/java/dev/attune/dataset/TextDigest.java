package dev.attune.dataset;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The first 128 bits of a text's SHA-256: two texts that have them in common are the same text. Not thread-safe. */
final class TextDigest {
    private final MessageDigest sha = sha256();
    private long high;
    private long low;

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }

    /** Digests a text within a space of its own, such as a file: equal texts of two spaces differ. */
    TextDigest of(int space, String text) {
        sha.update((byte) space);
        sha.update((byte) (space >>> 8));
        ByteBuffer hash = ByteBuffer.wrap(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
        high = hash.getLong();
        low = hash.getLong();
        return this;
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }
}
