package dev.attune.evals.decide;

/** Text as XML and HTML both read it: hostile text stays text. */
public final class Markup {
    private Markup() {}

    /** Escapes markup and quotes; characters that XML cannot hold become U+FFFD. */
    public static String escape(String text) {
        var out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isAllowed(c) ? c : 0xFFFD);
            }
        });
        return out.toString();
    }

    private static boolean isAllowed(int c) {
        return c == '\t' || c == '\n' || c == '\r' || c >= 0x20 && c <= 0xD7FF && !(c >= 0x7F && c <= 0x9F)
                || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000 && (c & 0xFFFF) < 0xFFFE;
    }
}
