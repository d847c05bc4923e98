package dev.attune.evals.score;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How scorers see text. */
final class Texts {
    private static final int EXCERPT = 24;

    private Texts() {}

    /** Without white space around it, lines ended by LF. */
    static String strip(String text) {
        return text.indexOf('\r') < 0 ? text.strip() : text.replace("\r\n", "\n").replace('\r', '\n').strip();
    }

    /** The same for texts that differ only in case. */
    static String fold(String text) {
        return isAscii(text) ? text.toLowerCase(Locale.ROOT) : text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** Where two texts part. */
    static String firstDifference(String expected, String actual) {
        if (actual.isEmpty()) {
            return "the answer is empty";
        }
        int at = 0;
        while (at < expected.length() && at < actual.length() && expected.charAt(at) == actual.charAt(at)) {
            at++;
        }
        return "from character " + (at + 1) + " expected " + excerpt(expected, at) + ", got " + excerpt(actual, at);
    }

    private static String excerpt(String text, int from) {
        if (from >= text.length()) {
            return "the end";
        }
        int start = from > 0 && Character.isLowSurrogate(text.charAt(from)) ? from - 1 : from;
        int end = Math.min(text.length(), start + EXCERPT);
        if (end < text.length() && Character.isLowSurrogate(text.charAt(end))) {
            end--;
        }
        return "'" + text.substring(start, end).replace('\n', '⏎') + (end < text.length() ? "…'" : "'");
    }

    /** With a capital first letter and a full stop. */
    static String sentence(String text) {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            return "";
        }
        int first = stripped.codePointAt(0);
        String capital = Character.toString(Character.toUpperCase(first))
                + stripped.substring(Character.charCount(first));
        return capital.endsWith(".") || capital.endsWith("?") ? capital : capital + ".";
    }

    /** In quotes, on one line, at most {@code most} characters. */
    static String quoted(String text, int most) {
        String line = strip(text).replace('\n', '⏎');
        int end = line.length() <= most ? line.length() : line.offsetByCodePoints(0, line.codePointCount(0, most));
        return "'" + line.substring(0, end) + (end < line.length() ? "…'" : "'");
    }

    /** Words: runs of letters, digits and marks, in lower case. */
    static List<String> words(String text) {
        String folded = fold(text);
        var words = new ArrayList<String>();
        int start = -1;
        for (int i = 0; i < folded.length();) {
            int c = folded.codePointAt(i);
            boolean inside = isOfAWord(c);
            if (inside && start < 0) {
                start = i;
            } else if (!inside && start >= 0) {
                words.add(folded.substring(start, i));
                start = -1;
            }
            i += Character.charCount(c);
        }
        if (start >= 0) {
            words.add(folded.substring(start));
        }
        return words;
    }

    private static boolean isOfAWord(int c) {
        if (c < 0x80) {
            return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z';
        }
        return switch (Character.getType(c)) {
            case Character.UPPERCASE_LETTER, Character.LOWERCASE_LETTER, Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER, Character.OTHER_LETTER, Character.DECIMAL_DIGIT_NUMBER,
                    Character.LETTER_NUMBER, Character.OTHER_NUMBER, Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK ->
                true;
            default -> false;
        };
    }
}
