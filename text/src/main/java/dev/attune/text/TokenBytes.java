package dev.attune.text;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The UTF-8 bytes that each token of a vocabulary stands for. A token may be a part of a character, so it has bytes where
 * it has no text. Vocabularies write bytes in two ways: byte-level ones give each byte a printable character (that of
 * GPT-2), SentencePiece ones write {@code ▁} for a space and {@code <0xE2>} for a lone byte. Immutable and thread-safe.
 */
public final class TokenBytes {
    private static final byte[] NOTHING = {};

    private final byte[][] bytes;

    private TokenBytes(byte[][] bytes) {
        this.bytes = bytes;
    }

    static TokenBytes of(Vocabulary vocabulary) {
        boolean byteLevel = vocabulary.ids().containsKey("Ġ");
        int[] alphabet = byteLevel ? alphabet() : new int[0];
        var bytes = new byte[vocabulary.size()][];
        for (Map.Entry<String, Integer> token : vocabulary.ids().entrySet()) {
            String form = token.getKey();
            bytes[token.getValue()] = vocabulary.added().contains(form)
                    ? form.getBytes(StandardCharsets.UTF_8)
                    : byteLevel ? disguised(form, alphabet) : pieces(form);
        }
        return new TokenBytes(bytes);
    }

    /** The bytes of a token, not to be changed; none where an id stands for no token. */
    public byte[] of(int id) {
        byte[] token = id >= 0 && id < bytes.length ? bytes[id] : null;
        return token == null ? NOTHING : token;
    }

    /** How many ids there are. */
    public int size() {
        return bytes.length;
    }

    /** The byte that a character of the printable disguise stands for, by character; −1 for none. */
    private static int[] alphabet() {
        var bytes = new int[512];
        java.util.Arrays.fill(bytes, -1);
        int next = 256;
        for (int value = 0; value < 256; value++) {
            boolean printable = value >= '!' && value <= '~' || value >= 0xA1 && value <= 0xAC || value >= 0xAE;
            bytes[printable ? value : next++] = value;
        }
        return bytes;
    }

    private static byte[] disguised(String form, int[] alphabet) {
        var token = new byte[form.length()];
        for (int i = 0; i < token.length; i++) {
            char at = form.charAt(i);
            int value = at < alphabet.length ? alphabet[at] : -1;
            if (value < 0) {
                return form.getBytes(StandardCharsets.UTF_8);
            }
            token[i] = (byte) value;
        }
        return token;
    }

    private static byte[] pieces(String form) {
        return form.matches("<0x[0-9A-Fa-f]{2}>")
                ? new byte[]{(byte) Integer.parseInt(form.substring(3, 5), 16)}
                : form.replace('▁', ' ').getBytes(StandardCharsets.UTF_8);
    }
}
