package dev.attune.server.store;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Digests: SHA-256, by which contents are known, and MD5, which some clients send along. */
public final class Hash {
    private Hash() {}

    public static MessageDigest sha256() {
        return digest("SHA-256");
    }

    public static MessageDigest md5() {
        return digest("MD5");
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }
}
