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
        // Six bits a letter; the two values of 64 that stand for none are drawn again.
        var random = new byte[length + 4];
        while (id.length() < length) {
            RANDOM.nextBytes(random);
            for (int i = 0; i < random.length && id.length() < length; i++) {
                int letter = random[i] & 63;
                if (letter < ALPHABET.length()) {
                    id.append(ALPHABET.charAt(letter));
                }
            }
        }
        return id.toString();
    }

    /** A seed where the caller gave none: 0 to 2³¹−1. */
    public static int seed() {
        return RANDOM.nextInt(Integer.MAX_VALUE);
    }
}
