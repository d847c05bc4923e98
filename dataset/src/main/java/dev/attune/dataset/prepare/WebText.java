package dev.attune.dataset.prepare;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The words of a text that was taken from a web page: tags go, blocks become lines, items get a dash, character references
 * become characters. What stands in code fences and in back-quotes stays as it is, and so does a text without a tag or
 * reference that HTML knows, for {@code a < b} is no markup.
 */
final class WebText {
    private static final Pattern CODE = Pattern.compile("(?s)```.*?(?:```|$)|`[^`\\n]*`");
    private static final Pattern UNSEEN = Pattern
            .compile("(?is)<!--.*?-->|<(script|style|noscript|template)\\b[^>]*>.*?</\\1\\s*>");
    private static final Pattern BREAK = Pattern.compile("(?i)<br\\s*/?>");
    private static final Pattern ITEM = Pattern.compile("(?i)<li\\b[^>]*>");
    private static final Pattern BLOCK = Pattern.compile(
            "(?i)</?(?:p|div|ul|ol|table|tr|h[1-6]|section|article|header|footer|nav|aside|main|blockquote|pre|hr|form|figure|dl|dt|dd)\\b[^>]*>");
    private static final Pattern INLINE = Pattern.compile(
            "(?i)</?(?:a|b|i|u|s|em|strong|span|small|sub|sup|code|kbd|mark|font|img|td|th|tbody|thead|li|label|button|input|html|body|head|title|meta|link|iframe|svg|abbr|cite|q|del|ins|figcaption)\\b[^>]*>");
    private static final Pattern REFERENCE = Pattern
            .compile("&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{2,8}));");
    private static final Map<String, String> NAMED = Map.ofEntries(Map.entry("amp", "&"), Map.entry("lt", "<"),
            Map.entry("gt", ">"), Map.entry("quot", "\""), Map.entry("apos", "'"), Map.entry("nbsp", " "),
            Map.entry("ndash", "–"), Map.entry("mdash", "—"), Map.entry("hellip", "…"), Map.entry("lsquo", "‘"),
            Map.entry("rsquo", "’"), Map.entry("ldquo", "“"), Map.entry("rdquo", "”"), Map.entry("copy", "©"),
            Map.entry("reg", "®"), Map.entry("trade", "™"), Map.entry("euro", "€"), Map.entry("deg", "°"),
            Map.entry("auml", "ä"), Map.entry("ouml", "ö"), Map.entry("uuml", "ü"), Map.entry("Auml", "Ä"),
            Map.entry("Ouml", "Ö"), Map.entry("Uuml", "Ü"), Map.entry("szlig", "ß"), Map.entry("eacute", "é"),
            Map.entry("egrave", "è"), Map.entry("agrave", "à"), Map.entry("ccedil", "ç"));

    private WebText() {}

    /** The words; the text itself where there is no markup in it. */
    static String of(String text) {
        if (text.indexOf('<') < 0 && text.indexOf('&') < 0) {
            return text;
        }
        var plain = new StringBuilder();
        Matcher code = CODE.matcher(text);
        int from = 0;
        boolean changed = false;
        while (code.find()) {
            String words = words(text.substring(from, code.start()));
            changed |= !words.equals(text.substring(from, code.start()));
            plain.append(words).append(code.group());
            from = code.end();
        }
        String rest = words(text.substring(from));
        changed |= !rest.equals(text.substring(from));
        return changed ? plain.append(rest).toString().strip() : text;
    }

    private static String words(String text) {
        String plain = UNSEEN.matcher(text).replaceAll("");
        plain = BREAK.matcher(plain).replaceAll("\n");
        plain = ITEM.matcher(plain).replaceAll("\n- ");
        plain = BLOCK.matcher(plain).replaceAll("\n");
        plain = INLINE.matcher(plain).replaceAll("");
        plain = REFERENCE.matcher(plain).replaceAll(found -> Matcher.quoteReplacement(character(found.group(),
                found.group(1), found.group(2), found.group(3))));
        return plain.equals(text) ? text : tidy(plain);
    }

    private static String character(String whole, @Nullable String decimal, @Nullable String hex,
            @Nullable String name) {
        if (name != null) {
            return NAMED.getOrDefault(name, whole);
        }
        int point = decimal != null ? Integer.parseInt(decimal) : Integer.parseInt(String.valueOf(hex), 16);
        boolean usable = Character.isValidCodePoint(point) && point >= ' ' && !(point >= 0xD800 && point <= 0xDFFF);
        return usable ? Character.toString(point) : whole;
    }

    private static String tidy(String text) {
        return text.replaceAll("[ \\t]+\\n", "\n").replaceAll("\\n[ \\t]+(?=[^-])", "\n").replaceAll("\\n{3,}", "\n\n");
    }
}
