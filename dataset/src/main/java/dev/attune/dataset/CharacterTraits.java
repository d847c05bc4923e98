package dev.attune.dataset;

import java.text.Normalizer;

/**
 * What checks ask of each character of a text, as bits that are looked up and not worked out: one pass over a text that joins
 * the bits of its characters says which checks need not look at it. Bits of a character are worked out when it is met first.
 * Thread-safe: two threads that meet it together work out the same.
 */
public final class CharacterTraits {
    /** Part of a word: a letter, a mark or a number. */
    public static final int WORD = 1 << 1;
    /** A letter or a mark. */
    public static final int LETTER = 1 << 2;
    /** White space where texts are compared: the ASCII kinds and Unicode's separators. */
    public static final int SPACE = 1 << 3;
    /** Perhaps another character, or a part of one, in Unicode's composed form (NFC); a text without such is composed. */
    public static final int COMPOSES = 1 << 4;
    /** May become lower case otherwise than as a single character on its own. */
    public static final int ODD_CASE = 1 << 5;
    /** Outside ASCII. */
    public static final int NON_ASCII = 1 << 6;
    /** An ASCII control character other than tab and line ends. */
    public static final int CONTROL = 1 << 7;
    /** A C1 control, U+0080 to U+009F. */
    public static final int C1 = 1 << 8;
    /** What the first byte of a longer character in UTF-8 is in Latin-1, U+00C2 to U+00F4. */
    public static final int GARBLED = 1 << 9;
    /** Perhaps a character that nobody sees. */
    public static final int HIDDEN = 1 << 10;
    /** Half a character. */
    public static final int SURROGATE = 1 << 11;
    /** What keys and tokens are made of: {@code A-Za-z0-9+/_=-}. */
    public static final int KEY = 1 << 12;
    /** An ASCII digit. */
    public static final int DIGIT = 1 << 13;
    /** What may stand between the digits of one number, such as a telephone number. */
    public static final int BETWEEN_DIGITS = 1 << 14;
    /** One of {@code @ < & ` ~}. */
    public static final int MARKUP = 1 << 15;

    private static final int KNOWN = 1;

    /** High surrogates of emoji and their like, which neither compose nor have a case: U+1F000 to U+1FBFF. */
    private static final char FIRST_EMOJI = '\uD83C';
    private static final char LAST_EMOJI = '\uD83E';
    private static final char TAGS = '\uDB40';

    /** A bit for each general category that a word is made of. */
    private static final int LETTER_TYPES = 1 << Character.UPPERCASE_LETTER | 1 << Character.LOWERCASE_LETTER
            | 1 << Character.TITLECASE_LETTER | 1 << Character.MODIFIER_LETTER | 1 << Character.OTHER_LETTER;
    private static final int MARK_TYPES = 1 << Character.NON_SPACING_MARK | 1 << Character.ENCLOSING_MARK
            | 1 << Character.COMBINING_SPACING_MARK;
    private static final int NUMBER_TYPES = 1 << Character.DECIMAL_DIGIT_NUMBER | 1 << Character.LETTER_NUMBER
            | 1 << Character.OTHER_NUMBER;
    private static final int SPACE_TYPES = 1 << Character.SPACE_SEPARATOR | 1 << Character.LINE_SEPARATOR
            | 1 << Character.PARAGRAPH_SEPARATOR;

    private static final char[] TRAITS = new char[1 << 16];

    static {
        for (char c = 0; c < 128; c++) {
            learn(c);
        }
    }

    private CharacterTraits() {}

    /** The bits of a character; those of half a character say what the whole one may be. */
    public static int of(char c) {
        int traits = TRAITS[c];
        return traits != 0 ? traits : learn(c);
    }

    /** The bits of a character, of which one beyond U+FFFF has only {@link #WORD}, {@link #LETTER} and what all such have. */
    public static int ofCodePoint(int c) {
        return c <= Character.MAX_VALUE
                ? of((char) c)
                : kinds(c) | KNOWN | NON_ASCII | SURROGATE;
    }

    /** The bits of all characters of a text together. */
    static int of(String text) {
        int all = 0;
        for (int i = 0; i < text.length(); i++) {
            all |= of(text.charAt(i));
        }
        return all;
    }

    private static int learn(char c) {
        int traits = KNOWN | (c < 128 ? ascii(c) : beyondAscii(c)) | (Character.isSurrogate(c) ? 0 : kinds(c));
        TRAITS[c] = (char) traits;
        return traits;
    }

    private static int kinds(int c) {
        int type = 1 << Character.getType(c);
        return ((type & (LETTER_TYPES | MARK_TYPES | NUMBER_TYPES)) != 0 ? WORD : 0)
                | ((type & (LETTER_TYPES | MARK_TYPES)) != 0 ? LETTER : 0)
                | (c >= 128 && (type & SPACE_TYPES) != 0 ? SPACE : 0);
    }

    private static int ascii(char c) {
        boolean digit = c >= '0' && c <= '9';
        boolean key = digit || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || "+/_=-".indexOf(c) >= 0;
        boolean space = c == ' ' || c >= '\t' && c <= '\r';
        boolean control = c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 127;
        return (digit ? DIGIT : 0) | (key ? KEY : 0) | (space ? SPACE : 0) | (control ? CONTROL : 0)
                | (" ().,/+-".indexOf(c) >= 0 ? BETWEEN_DIGITS : 0) | ("@<&`~".indexOf(c) >= 0 ? MARKUP : 0);
    }

    private static int beyondAscii(char c) {
        boolean hidden = c == 0x061C || c == 0x180E || c >= 0x200B && c <= 0x200F || c >= 0x202A && c <= 0x202E
                || c >= 0x2060 && c <= 0x2069 || c == 0xFEFF || c == TAGS;
        return NON_ASCII | (c <= 0x9F ? C1 : 0) | (c >= 0xC2 && c <= 0xF4 ? GARBLED : 0) | (hidden ? HIDDEN : 0)
                | (Character.isSurrogate(c) ? surrogate(c) : whole(c));
    }

    private static int surrogate(char c) {
        boolean plain = Character.isLowSurrogate(c) || c >= FIRST_EMOJI && c <= LAST_EMOJI;
        return SURROGATE | (plain ? 0 : COMPOSES | ODD_CASE);
    }

    /** A mark, or a vowel or final consonant of Hangul, may be a part of the character before it. */
    private static int whole(char c) {
        boolean composes = (MARK_TYPES >>> Character.getType(c) & 1) != 0 || c >= 0x1100 && c <= 0x11FF
                || !Normalizer.isNormalized(Character.toString(c), Normalizer.Form.NFC);
        return (composes ? COMPOSES : 0) | (c == 0x0130 || c == 0x03A3 ? ODD_CASE : 0);
    }
}
