package dev.attune.dataset.report;

/** Text of a file inside a page: nothing in it is markup, and nothing changes the direction of what stands around it. */
final class PageText {
    private PageText() {}

    static String of(String text) {
        var escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(hidden(c) ? '\uFFFD' : c);
            }
        }
        return escaped.toString();
    }

    private static boolean hidden(char c) {
        return Character.isISOControl(c) && c != '\n' && c != '\t' || c >= '\u202A' && c <= '\u202E'
                || c >= '\u2066' && c <= '\u2069';
    }
}
