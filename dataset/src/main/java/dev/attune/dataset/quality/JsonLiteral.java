package dev.attune.dataset.quality;

/** A JSON string literal whose value changes in one stretch, while the characters before and behind keep their form. */
final class JsonLiteral {
    private JsonLiteral() {}

    /**
     * The literal for a new value.
     *
     * @param literal the old literal, with its quotes
     * @param value what it means
     * @param ascii whether characters outside ASCII are written as escapes
     */
    static String changed(String literal, String value, String next, boolean ascii) {
        int shorter = Math.min(value.length(), next.length());
        int head = 0;
        while (head < shorter && value.charAt(head) == next.charAt(head)) {
            head++;
        }
        if (head > 0 && Character.isHighSurrogate(value.charAt(head - 1))) {
            head--;
        }
        int tail = 0;
        while (tail < shorter - head
                && value.charAt(value.length() - 1 - tail) == next.charAt(next.length() - 1 - tail)) {
            tail++;
        }
        if (tail > 0 && Character.isLowSurrogate(value.charAt(value.length() - tail))) {
            tail--;
        }
        return literal.substring(0, offset(literal, head)) + escape(next.substring(head, next.length() - tail), ascii)
                + literal.substring(offset(literal, value.length() - tail));
    }

    /** Where in the literal the character of the value with an index begins. */
    private static int offset(String literal, int index) {
        int at = 1;
        for (int i = 0; i < index; i++) {
            at += literal.charAt(at) != '\\' ? 1 : literal.charAt(at + 1) == 'u' ? 6 : 2;
        }
        return at;
    }

    static String quote(String value, boolean ascii) {
        return "\"" + escape(value, ascii) + "\"";
    }

    private static String escape(String value, boolean ascii) {
        var escaped = new StringBuilder(value.length() + 16);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> escaped.append("\\\"");
                case '\\' -> escaped.append("\\\\");
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (c < ' ' || ascii && c > '~' || Character.isSurrogate(c) && isLone(value, i)) {
                        escaped.append("\\u%04x".formatted((int) c));
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        return escaped.toString();
    }

    private static boolean isLone(String value, int at) {
        return Character.isHighSurrogate(value.charAt(at))
                ? at + 1 >= value.length() || !Character.isLowSurrogate(value.charAt(at + 1))
                : at == 0 || !Character.isHighSurrogate(value.charAt(at - 1));
    }
}
