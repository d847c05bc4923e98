package dev.attune.dataset.quality;

import java.util.regex.Pattern;

/** Where HTML is what a text is about, and where it is only left over from a web page. */
final class HtmlText {
    private static final Pattern TAG = Pattern.compile(
            "</?(?:p|div|span|br|a|ul|ol|li|b|i|u|em|strong|table|tbody|thead|tr|td|th|h[1-6]|img|script|style|font|center|body|html|head|meta|section|article|nav|header|footer|iframe|form|input|button|label|blockquote|pre|code|hr|sup|sub)(?:\\s+[a-z:-]{1,40}\\s*=\\s*(?:\"[^\"<>]{0,400}\"|'[^'<>]{0,400}'|[^\\s\"'<>=]{1,400})){0,20}\\s*/?>",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern SPOKEN_OF = Pattern.compile(
            "\\b(?:x?html5?|xml|svg|css|jsx|tsx|markup|web ?page|webseite|entity|entities|escap(?:e|ed|ing)|tags?|snippet|template)\\b|<!doctype|<\\?xml|```",
            Pattern.CASE_INSENSITIVE);

    private HtmlText() {}

    static boolean hasTag(String text) {
        return text.indexOf('<') >= 0 && TAG.matcher(text).find();
    }

    static Pattern tag() {
        return TAG;
    }

    /** Whether a text speaks of markup or holds code, so that markup in it is meant. */
    static boolean isMeant(String text) {
        return SPOKEN_OF.matcher(text).find();
    }
}
