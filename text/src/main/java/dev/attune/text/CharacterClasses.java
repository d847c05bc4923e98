package dev.attune.text;

/**
 * What OpenAI's splitting patterns ask of a code point, one byte of flags each, looked up in a table. Unicode's general
 * categories and its property White_Space, as the Java runtime knows them.
 */
final class CharacterClasses {
    /** {@code [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]}. */
    static final int UPPER = 1;
    /** {@code [\p{Ll}\p{Lm}\p{Lo}\p{M}]}. */
    static final int LOWER = 2;
    /** {@code \p{L}}. */
    static final int LETTER = 4;
    /** {@code \p{N}}. */
    static final int NUMBER = 8;
    /** {@code \s}. */
    static final int SPACE = 16;
    /** {@code [\r\n]}. */
    static final int NEWLINE = 32;

    private static final byte[] TABLE = table();

    private CharacterClasses() {}

    static int of(int codePoint) {
        return TABLE[codePoint];
    }

    private static byte[] table() {
        byte[] table = new byte[Character.MAX_CODE_POINT + 1];
        for (int c = 0; c < table.length; c++) {
            table[c] = (byte) flags(c);
        }
        return table;
    }

    private static int flags(int codePoint) {
        if (isSpace(codePoint)) {
            return codePoint == '\r' || codePoint == '\n' ? SPACE | NEWLINE : SPACE;
        }
        return switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER, Character.TITLECASE_LETTER -> UPPER | LETTER;
            case Character.LOWERCASE_LETTER -> LOWER | LETTER;
            case Character.MODIFIER_LETTER, Character.OTHER_LETTER -> UPPER | LOWER | LETTER;
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK ->
                UPPER | LOWER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            default -> 0;
        };
    }

    private static boolean isSpace(int c) {
        return c >= 0x09 && c <= 0x0D || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680
                || c >= 0x2000 && c <= 0x200A
                || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
    }
}
