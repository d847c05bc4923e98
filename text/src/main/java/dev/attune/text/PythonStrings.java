package dev.attune.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Python's strings, which are sequences of code points. */
final class PythonStrings {

    private PythonStrings() {}

    /** {@code str.isspace} of one character. */
    static boolean isSpace(int c) {
        return (c >= 9 && c <= 13) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680
                || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F
                || c == 0x3000;
    }

    /** Whether everything from a place on is whitespace. */
    static boolean isBlank(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (!isSpace(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    static String strip(String text) {
        return stripStart(stripEnd(text));
    }

    static String stripStart(String text) {
        int start = 0;
        while (start < text.length() && isSpace(text.charAt(start))) {
            start++;
        }
        return text.substring(start);
    }

    static String stripEnd(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    /** {@code strip(characters)} at the chosen ends. */
    static String strip(String text, String characters, boolean start, boolean end) {
        int from = 0;
        int to = text.length();
        while (start && from < to && characters.indexOf(text.codePointAt(from)) >= 0) {
            from += Character.charCount(text.codePointAt(from));
        }
        while (end && to > from && characters.indexOf(text.codePointBefore(to)) >= 0) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return text.substring(from, to);
    }

    /** {@code split()}: the words between whitespace, at most {@code limit} cuts (below zero: all). */
    static List<Object> words(String text, long limit) {
        var words = new ArrayList<Object>();
        String rest = stripStart(text);
        while (!rest.isEmpty()) {
            int end = 0;
            while (end < rest.length() && !isSpace(rest.charAt(end))) {
                end++;
            }
            if (limit >= 0 && words.size() == limit) {
                words.add(stripEnd(rest));
                return words;
            }
            words.add(rest.substring(0, end));
            rest = stripStart(rest.substring(end));
        }
        return words;
    }

    /** {@code split(separator, limit)}, or {@code rsplit} where the cuts are counted from the end. */
    static List<Object> split(String text, String separator, long limit, boolean fromEnd) {
        if (separator.isEmpty()) {
            throw new TemplateError("split needs a separator that is not empty");
        }
        var parts = new ArrayList<Object>();
        String rest = text;
        while (limit < 0 || parts.size() < limit) {
            int at = fromEnd ? rest.lastIndexOf(separator) : rest.indexOf(separator);
            if (at < 0) {
                break;
            }
            String before = rest.substring(0, at);
            String after = rest.substring(at + separator.length());
            parts.add(fromEnd ? after : before);
            rest = fromEnd ? before : after;
        }
        parts.add(rest);
        return fromEnd ? new ArrayList<>(parts.reversed()) : parts;
    }

    /** {@code splitlines()}. */
    static List<Object> lines(String text, boolean keepEnds) {
        var lines = new ArrayList<Object>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean end = (c >= 10 && c <= 13) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
            if (end) {
                int stop = i;
                if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
                    i++;
                }
                lines.add(text.substring(start, keepEnds ? i + 1 : stop));
                start = i + 1;
            }
        }
        if (start < text.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }

    /** {@code replace(old, replacement, limit)}; below zero replaces all. */
    static String replace(String text, String old, String replacement, long limit) {
        if (limit < 0) {
            return text.replace(old, replacement);
        }
        var out = new StringBuilder();
        int at = 0;
        for (long done = 0; done < limit; done++) {
            int found = text.indexOf(old, at);
            if (found < 0 || (old.isEmpty() && found >= text.length())) {
                break;
            }
            out.append(text, at, found).append(replacement);
            at = found + old.length();
            if (old.isEmpty()) {
                out.append(text.charAt(at++));
            }
        }
        return out.append(text.substring(at)).toString();
    }

    static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    static String capitalized(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.codePointAt(0);
        return Character.toString(Character.toTitleCase(first)) + lower(text.substring(Character.charCount(first)));
    }

    /** {@code str.title()}: a capital after everything that is no letter. */
    static String titled(String text) {
        var out = new StringBuilder();
        boolean inWord = false;
        for (int c : text.codePoints().toArray()) {
            out.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inWord = Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
        }
        return out.toString();
    }

    static List<Object> characters(String text) {
        var characters = new ArrayList<Object>(text.length());
        text.codePoints().forEach(c -> characters.add(Character.toString(c)));
        return characters;
    }

    /** Code points from one place to another; bounds are resolved already. */
    static String slice(String text, long from, long to, long step) {
        if (text.codePointCount(0, text.length()) == text.length() && step == 1) {
            return from >= to ? "" : text.substring((int) from, (int) to);
        }
        int[] points = text.codePoints().toArray();
        var out = new StringBuilder();
        for (long i = from; step > 0 ? i < to : i > to; i += step) {
            out.appendCodePoint(points[(int) i]);
        }
        return out.toString();
    }

    /** The order of code points, which above U+FFFF is not that of Java's characters. */
    static int compare(String a, String b) {
        int at = 0;
        while (at < a.length() && at < b.length() && a.charAt(at) == b.charAt(at)) {
            at++;
        }
        if (at == a.length() || at == b.length()) {
            return Integer.compare(a.length(), b.length());
        }
        boolean low = at > 0 && Character.isLowSurrogate(a.charAt(at)) && Character.isHighSurrogate(a.charAt(at - 1));
        int from = low ? at - 1 : at;
        return Integer.compare(a.codePointAt(from), b.codePointAt(from));
    }

    /** {@code repr(str)}: single quotes unless only those occur inside. */
    static String repr(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        var out = new StringBuilder().append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(quote);
                    } else if (isPrintable(c)) {
                        out.appendCodePoint(c);
                    } else {
                        out.append(String.format(Locale.ROOT, c < 0x100
                                ? "\\x%02x"
                                : c < 0x10000
                                        ? "\\u%04x"
                                        : "\\U%08x",
                                c));
                    }
                }
            }
        });
        return out.append(quote).toString();
    }

    private static boolean isPrintable(int c) {
        return c == ' ' || switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SPACE_SEPARATOR ->
                false;
            default -> true;
        };
    }

    /**
     * Reads one escape of a string literal.
     *
     * @param at the place after the backslash
     * @return the place of the escape's last character
     */
    static int unescape(String source, int at, StringBuilder out, int line) {
        char c = source.charAt(at);
        switch (c) {
            case 'n' -> out.append('\n');
            case 't' -> out.append('\t');
            case 'r' -> out.append('\r');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'v' -> out.append('\u000B');
            case 'a' -> out.append('\u0007');
            case '\\', '\'', '"' -> out.append(c);
            case '\n' -> {
            }
            case 'x' -> {
                return hex(source, at, 2, out, line);
            }
            case 'u' -> {
                return hex(source, at, 4, out, line);
            }
            case 'U' -> {
                return hex(source, at, 8, out, line);
            }
            case 'N' -> throw new TemplateError("the escape \\N{…} is not supported", line);
            default -> {
                if (c < '0' || c > '7') {
                    out.append('\\').append(c);
                    break;
                }
                int end = at;
                while (end < Math.min(at + 3, source.length()) && source.charAt(end) >= '0'
                        && source.charAt(end) <= '7') {
                    end++;
                }
                out.appendCodePoint(Integer.parseInt(source.substring(at, end), 8));
                return end - 1;
            }
        }
        return at;
    }

    private static int hex(String source, int at, int digits, StringBuilder out, int line) {
        int end = at + 1 + digits;
        try {
            out.appendCodePoint(Integer.parseInt(source.substring(at + 1, end), 16));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new TemplateError("the escape \\" + source.charAt(at) + " needs " + digits + " hexadecimal digits",
                    line);
        }
        return end - 1;
    }
}
