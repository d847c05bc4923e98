package dev.attune.text;

/** A piece of a byte array that holds well-formed UTF-8, read by code point. The bytes stay the caller's. */
final class Utf8Text {
    private Utf8Text() {}

    /** How many bytes the character takes that begins with this byte. */
    static int length(byte lead) {
        return lead >= 0 ? 1 : (lead & 0xE0) == 0xC0 ? 2 : (lead & 0xF0) == 0xE0 ? 3 : 4;
    }

    /** The code point that begins at an index. */
    static int at(byte[] text, int index) {
        int lead = text[index];
        if (lead >= 0) {
            return lead;
        }
        return switch (length((byte) lead)) {
            case 2 -> (lead & 0x1F) << 6 | text[index + 1] & 0x3F;
            case 3 -> (lead & 0x0F) << 12 | (text[index + 1] & 0x3F) << 6 | text[index + 2] & 0x3F;
            default -> (lead & 0x07) << 18 | (text[index + 1] & 0x3F) << 12 | (text[index + 2] & 0x3F) << 6
                    | text[index + 3] & 0x3F;
        };
    }

    /** The classes of the character that begins at an index. */
    static int classes(byte[] text, int index) {
        return CharacterClasses.of(at(text, index));
    }

    /** The end of the longest run of characters, from an index on, that have at least one of the flags. */
    static int run(byte[] text, int from, int to, int flags) {
        int at = from;
        while (at < to) {
            int lead = text[at];
            if (lead >= 0) {
                if ((CharacterClasses.of(lead) & flags) == 0) {
                    return at;
                }
                at++;
            } else if ((classes(text, at) & flags) == 0) {
                return at;
            } else {
                at += length((byte) lead);
            }
        }
        return at;
    }

    /** The end of the longest run of characters, from an index on, that have none of the flags. */
    static int runWithout(byte[] text, int from, int to, int flags) {
        int at = from;
        while (at < to && (classes(text, at) & flags) == 0) {
            at += length(text[at]);
        }
        return at;
    }
}
