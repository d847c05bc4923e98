package dev.attune.evals.score;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How scorers see text. */
final class Texts {
    private static final int EXCERPT = 24;
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}\\p{M}]+");

    private Texts() {}

    /** Without white space around it, lines ended by LF. */
    static String strip(String text) {
        return text.replace("\r\n", "\n").replace('\r', '\n').strip();
    }

    /** The same for texts that differ only in case. */
    static String fold(String text) {
        return text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
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
        var words = new ArrayList<String>();
        Matcher matcher = WORD.matcher(fold(text));
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }
}
