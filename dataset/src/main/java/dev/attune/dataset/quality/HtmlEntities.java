package dev.attune.dataset.quality;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Characters written as HTML writes them, {@code &amp;} or {@code &#39;}, in a text that is not HTML. Left alone are texts
 * with tags, code, JSON, texts that speak of markup, and references in quotation marks, which are named rather than used.
 */
final class HtmlEntities implements TextRepair {
    private static final CheckKind KIND = CheckKind.warning("html_entity", "a character written as HTML",
            "write the character itself, or let attune check --fix OUT do so",
            "The text was taken from a web page without decoding it, and the model learns to write &amp; where people write &. Texts that are HTML, hold code or speak of markup are not reported.")
            .fixed(Repair.SAFE);

    private static final Pattern REFERENCE = Pattern
            .compile(
                    "(?<![`'\"“‘«A-Za-z0-9=?/])&(?:#([0-9]{2,7})|#[xX]([0-9a-fA-F]{2,6})|([A-Za-z]{2,8}[0-9]{0,2}));(?!=|[`'\"”’»](?:\\s|$))|"
                            + "(?<=[A-Za-z0-9])&(?:#([0-9]{2,7})|#[xX]([0-9a-fA-F]{2,6})|([A-Za-z]{2,8}[0-9]{0,2}));(?!=)");
    private static final int PLAIN = ' ';
    private static final Map<String, Integer> NAMES = names();

    @Override
    public CheckKind kind() {
        return KIND;
    }

    @Override
    public String repaired(Piece piece) {
        if (!piece.signs().hasAmpersand() || piece.role().equals("arguments")) {
            return piece.text();
        }
        String text = piece.text();
        while (!isMarkup(text)) {
            String decoded = decoded(text);
            if (decoded.equals(text)) {
                break;
            }
            text = decoded;
        }
        return text;
    }

    @Override
    public String what(Piece piece) {
        Matcher matcher = REFERENCE.matcher(piece.text());
        matcher.region(at(piece), piece.text().length()).useTransparentBounds(true);
        return "the text holds " + (matcher.find() ? "the HTML reference " + matcher.group() : "HTML references");
    }

    private static boolean isMarkup(String text) {
        String start = text.stripLeading();
        return start.startsWith("{") || start.startsWith("[") || start.startsWith("<") || HtmlText.hasTag(text)
                || HtmlText.isMeant(text);
    }

    private static String decoded(String text) {
        return REFERENCE.matcher(text).replaceAll(match -> {
            int c = codePoint(match.group(1), match.group(2), match.group(3));
            c = c < 0 ? codePoint(match.group(4), match.group(5), match.group(6)) : c;
            return Matcher.quoteReplacement(c < 0 ? match.group() : Character.toString(c));
        });
    }

    private static int codePoint(@Nullable String decimal,
            @Nullable String hexadecimal, @Nullable String name) {
        int c = decimal != null
                ? Integer.parseInt(decimal)
                : hexadecimal != null
                        ? Integer.parseInt(hexadecimal, 16)
                        : name != null ? NAMES.getOrDefault(name, -1) : -1;
        boolean character = c >= ' ' && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF) && (c < 0x7F || c > 0x9F);
        return !character ? -1 : c == 0xA0 ? PLAIN : c;
    }

    /** The references that pages use for letters, quotation marks and common signs; a no-break space becomes a plain one. */
    private static Map<String, Integer> names() {
        var names = new HashMap<String, Integer>();
        String latin1 = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";
        int c = 0xA0;
        for (String name : latin1.split(" ", -1)) {
            names.put(name, c++);
        }
        names.putAll(Map.of("amp", (int) '&', "lt", (int) '<', "gt", (int) '>', "quot", (int) '"', "apos", (int) '\''));
        names.putAll(Map.of("ndash", 0x2013, "mdash", 0x2014, "lsquo", 0x2018, "rsquo", 0x2019, "sbquo", 0x201A,
                "ldquo", 0x201C, "rdquo", 0x201D, "bdquo", 0x201E, "hellip", 0x2026, "bull", 0x2022));
        names.putAll(
                Map.of("euro", 0x20AC, "trade", 0x2122, "rarr", 0x2192, "larr", 0x2190, "minus", 0x2212, "ne", 0x2260,
                        "le", 0x2264, "ge", 0x2265, "thinsp", 0x2009, "zwnj", 0x200C));
        return names;
    }
}
