package dev.attune.dataset;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * 128 bits that stand for a text, the first of a SHA-256: two texts that have them in common are the same text. Immutable.
 */
record TextDigest(long high, long low) {

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }

    /** The digest of a text's bytes. */
    static TextDigest of(byte[] bytes) {
        return of(sha256(), bytes);
    }

    static TextDigest of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static TextDigest of(MessageDigest sha, byte[] bytes) {
        ByteBuffer hash = ByteBuffer.wrap(sha.digest(bytes));
        return new TextDigest(hash.getLong(), hash.getLong());
    }

    /** The digest of texts of which the digests are known, one after the other. */
    static TextDigest of(TextDigest first, TextDigest second) {
        return new Chain().add(first).add(second).digest();
    }

    /** The same within a space of its own, such as a file: equal texts of two spaces differ. */
    TextDigest in(int space) {
        return new TextDigest(high ^ Shingles.mix(space), low);
    }

    /** Digests that are put together. Not thread-safe. */
    static final class Chain {
        private final MessageDigest sha = sha256();

        Chain add(TextDigest digest) {
            sha.update(ByteBuffer.allocate(2 * Long.BYTES).putLong(digest.high).putLong(digest.low).flip());
            return this;
        }

        Chain add(String word) {
            sha.update(word.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        TextDigest digest() {
            return of(sha, new byte[0]);
        }
    }
}
