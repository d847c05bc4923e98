package dev.attune.dataset.quality;

import java.util.regex.Pattern;

/** What stands around a place of a text, where the place alone does not say enough. */
final class Context {
    private Context() {}

    /** Whether a word of the pattern stands within so many characters before a place. */
    static boolean before(String text, int at, int characters, Pattern words) {
        return words.matcher(text).region(Math.max(0, at - characters), at).find();
    }

    static boolean letterOrDigit(String text, int at) {
        return at >= 0 && at < text.length() && Character.isLetterOrDigit(text.charAt(at));
    }

    static boolean is(String text, int at, char c) {
        return at >= 0 && at < text.length() && text.charAt(at) == c;
    }
}
