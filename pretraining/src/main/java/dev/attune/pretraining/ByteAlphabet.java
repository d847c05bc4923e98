package dev.attune.pretraining;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** GPT-2's one visible character for each of the 256 bytes, in which byte-level vocabularies are written. */
final class ByteAlphabet {
    private static final char[] SYMBOLS = symbols();

    private ByteAlphabet() {}

    private static char[] symbols() {
        var symbols = new char[256];
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean visible = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            symbols[b] = visible ? (char) b : (char) next++;
        }
        return symbols;
    }

    /** The text's UTF-8 bytes, one character each. */
    static String write(String text) {
        var out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            out.append(SYMBOLS[b & 0xFF]);
        }
        return out.toString();
    }

    /** All 256 symbols in the order of their bytes. */
    static List<String> all() {
        var all = new ArrayList<String>();
        for (char symbol : SYMBOLS) {
            all.add(Character.toString(symbol));
        }
        return all;
    }
}
