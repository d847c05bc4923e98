package dev.attune.dataset;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What stands for an image in a conversation's text: U+FFFC and sixteen hexadecimal digits of the SHA-256 of its address or
 * data, so that two rows with one question and two images are not taken for one row.
 */
final class ImageMark {
    private static final char OBJECT = '\uFFFC';
    private static final Pattern MARK = Pattern.compile(OBJECT + "[0-9a-f]{16}\\n?");

    private ImageMark() {}

    static String of(String url) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(url.getBytes(StandardCharsets.UTF_8));
            return OBJECT + HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The text without marks: what a tokenizer is given. */
    static String without(String text) {
        return text.indexOf(OBJECT) < 0 ? text : MARK.matcher(text).replaceAll("");
    }
}
