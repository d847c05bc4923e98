package dev.attune.dataset;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * UTF-8 as RFC 3629 has it: overlong forms, surrogates and code points above U+10FFFF are faults.
 *
 * <p>Decoding with replacement is the fast way; only text in which U+FFFD appears is decoded a second time, by a decoder
 * that reports, to tell a real U+FFFD from a fault.
 */
final class StrictUtf8 {
    private StrictUtf8() {}

    /** @param faultAt index of the first byte that is not UTF-8, or −1; {@code text} then holds U+FFFD in its place */
    record Decoded(String text, int faultAt) {}

    static Decoded decode(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return new Decoded(text, text.indexOf('\uFFFD') < 0 ? -1 : faultAt(bytes));
    }

    private static int faultAt(byte[] bytes) {
        var decoder = StandardCharsets.UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        var in = ByteBuffer.wrap(bytes);
        var out = CharBuffer.allocate(8192);
        while (true) {
            out.clear();
            var result = decoder.decode(in, out, true);
            if (result.isError()) {
                return in.position();
            }
            if (result.isUnderflow()) {
                return -1;
            }
        }
    }
}
