package dev.attune.server.store;

import java.security.SecureRandom;

/** The random part of identifiers: letters and digits, from a secure source. */
public final class Ids {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    /** A new identifier: the prefix and 24 letters and digits. */
    public static String next(String prefix) {
        return prefix + alphanumeric(24);
    }

    public static String alphanumeric(int length) {
        var id = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            id.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }

    /** A seed where the caller gave none: 0 to 2³¹−1. */
    public static int seed() {
        return RANDOM.nextInt(Integer.MAX_VALUE);
    }
}
