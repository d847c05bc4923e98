package dev.attune.dataset;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads the pieces of JSON that rows are made of straight from bytes, without making anything. It knows less than
 * {@link StrictJson}: where it is not sure that all is well it says so, and the row is read the slow way. Not thread-safe.
 */
final class JsonBytes {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';

    private final byte[] bytes;
    private final int end;
    private int at;
    private int from;
    private int to;
    private boolean escaped;

    /** A reader of the bytes from {@code at} up to {@code end}. */
    JsonBytes(byte[] bytes, int at, int end) {
        this.bytes = bytes;
        this.at = at;
        this.end = end;
    }

    /** Passes white space, then this sign; false, with only the white space passed, where another stands there. */
    boolean take(char sign) {
        space();
        if (at < end && bytes[at] == sign) {
            at++;
            return true;
        }
        return false;
    }

    private void space() {
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r')) {
            at++;
        }
    }

    /** Whether only white space is left. */
    boolean atEnd() {
        space();
        return at == end;
    }

    /** Passes the digit 0 or 1 as a whole number; −1 where something else stands there. */
    int bit() {
        space();
        if (at + 1 < end && (bytes[at] == '0' || bytes[at] == '1')
                && (bytes[at + 1] == ',' || bytes[at + 1] == '}' || bytes[at + 1] == ' ')) {
            return bytes[at++] - '0';
        }
        return -1;
    }

    /**
     * Passes a string: {@link #from} to {@link #to} are then its bytes, still escaped where {@link #escaped} says so. False
     * where none stands there, or one that is not certainly in order.
     */
    boolean string() {
        if (!take('"')) {
            return false;
        }
        from = at;
        escaped = false;
        while (true) {
            plain();
            if (at >= end) {
                return false;
            }
            byte b = bytes[at];
            if (b == '"') {
                to = at++;
                return true;
            }
            if (b == '\\') {
                escaped = true;
                at += 2; // whatever stands there is looked at when the escapes are resolved
            } else if (b < 0) {
                int length = wellFormed();
                if (length == 0) {
                    return false;
                }
                at += length;
            } else {
                return false;
            }
        }
    }

    /** Passes bytes that are neither a quote, a backslash, a control character, nor part of a longer character. */
    private void plain() {
        while (at + 8 <= end) {
            long word = (long) LONGS.get(bytes, at);
            long quote = word ^ QUOTES;
            long backslash = word ^ BACKSLASHES;
            long special = (quote - ONES & ~quote | backslash - ONES & ~backslash | word - ONES * 0x20 & ~word | word)
                    & HIGHS;
            if (special != 0) {
                at += Long.numberOfTrailingZeros(special) >>> 3;
                break;
            }
            at += 8;
        }
        while (at < end && bytes[at] >= 0x20 && bytes[at] != '"' && bytes[at] != '\\') {
            at++;
        }
    }

    /** The length of the character of two to four bytes that begins here; 0 where it is not UTF-8. */
    private int wellFormed() {
        int lead = bytes[at] & 0xFF;
        int length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if (lead < 0xC2 || lead > 0xF4 || at + length > end) {
            return 0;
        }
        int second = bytes[at + 1] & 0xFF;
        int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (second < low || second > high) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    boolean escaped() {
        return escaped;
    }

    /**
     * Whether a text certainly holds a character that can be seen: all white space in Unicode is ASCII or begins with the byte
     * C2, E1, E2 or E3.
     */
    static boolean visible(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            int b = text[i] & 0xFF;
            if (b > ' ' && b < 0x7F || b >= 0xC3 && b <= 0xDF || b >= 0xE4) {
                return true;
            }
        }
        return false;
    }

    /** Whether the string is this text. */
    boolean is(byte[] text) {
        return !escaped && Arrays.equals(bytes, from, to, text, 0, text.length);
    }

    /**
     * Writes the string without its escapes.
     *
     * @param out has room for as many bytes as the string has
     * @return how many bytes were written, or −1 where an escape is not certainly in order
     */
    int unescape(byte[] out) {
        int n = 0;
        int i = from;
        while (i < to) {
            byte b = bytes[i++];
            if (b != '\\') {
                out[n++] = b;
                continue;
            }
            byte kind = bytes[i++];
            switch (kind) {
                case '"', '\\', '/' -> out[n++] = kind;
                case 'n' -> out[n++] = '\n';
                case 't' -> out[n++] = '\t';
                case 'r' -> out[n++] = '\r';
                case 'b' -> out[n++] = '\b';
                case 'f' -> out[n++] = '\f';
                case 'u' -> {
                    int unit = unit(i);
                    i += 4;
                    if (unit < 0 || Character.isLowSurrogate((char) unit)) {
                        return -1;
                    }
                    int point = unit;
                    if (Character.isHighSurrogate((char) unit)) {
                        int second = i + 6 <= to && bytes[i] == '\\' && bytes[i + 1] == 'u' ? unit(i + 2) : -1;
                        if (second < 0 || !Character.isLowSurrogate((char) second)) {
                            return -1;
                        }
                        point = Character.toCodePoint((char) unit, (char) second);
                        i += 6;
                    }
                    n = write(point, out, n);
                }
                default -> {
                    return -1;
                }
            }
        }
        return n;
    }

    private int unit(int index) {
        if (index + 4 > to) {
            return -1;
        }
        int value = 0;
        for (int i = index; i < index + 4; i++) {
            int digit = Character.digit(bytes[i], 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** An escaped character takes fewer bytes than its escape, so there is always room. */
    private static int write(int point, byte[] out, int at) {
        int n = at;
        if (point < 0x80) {
            out[n++] = (byte) point;
        } else if (point < 0x800) {
            out[n++] = (byte) (0xC0 | point >> 6);
            out[n++] = (byte) (0x80 | point & 0x3F);
        } else if (point < 0x10000) {
            out[n++] = (byte) (0xE0 | point >> 12);
            out[n++] = (byte) (0x80 | point >> 6 & 0x3F);
            out[n++] = (byte) (0x80 | point & 0x3F);
        } else {
            out[n++] = (byte) (0xF0 | point >> 18);
            out[n++] = (byte) (0x80 | point >> 12 & 0x3F);
            out[n++] = (byte) (0x80 | point >> 6 & 0x3F);
            out[n++] = (byte) (0x80 | point & 0x3F);
        }
        return n;
    }
}
