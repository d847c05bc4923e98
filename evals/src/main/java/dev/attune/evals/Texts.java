package dev.attune.evals;

import java.util.Locale;

/** How scorers see text. */
final class Texts {
    private static final int EXCERPT = 24;

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
}
