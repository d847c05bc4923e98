package dev.attune.evals.score;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whether a text looks like SQL: it begins with a statement's verb, says more than the verb, and closes its quotes, comments
 * and brackets. No dialect is parsed, so what passes may still be refused by a database; what fails is refused by all.
 */
final class SqlShape {
    private static final Pattern BEGIN = Pattern.compile(
            "(?is)(?:select|with|insert\\s+into|update|delete\\s+from|create|alter|drop|truncate|merge\\s+into|replace\\s+into|values|explain|grant|revoke|begin|commit|rollback|call|pragma|show|describe|set)\\b.*");
    private static final Pattern ALONE = Pattern.compile("(?i)(?:begin|commit|rollback)(?:\\s+\\w+)?");

    private SqlShape() {}

    /** What is wrong with the text as SQL; nothing where it may be some. */
    static Optional<String> wrong(String text) {
        var bare = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int end = c == '\'' || c == '"' || c == '`' ? quoted(text, i) : comment(text, i);
            if (end == text.length() && !isLineComment(text, i)) {
                return Optional.of(c == '/' ? "a comment is not closed" : "a quote is not closed");
            }
            if (end > i) {
                bare.append(c == '-' || c == '/' ? " " : "''");
                i = Math.min(end, text.length() - 1);
                continue;
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth < 0) {
                return Optional.of("a bracket closes that was not opened");
            }
            bare.append(c);
        }
        if (depth > 0) {
            return Optional.of("a bracket is not closed");
        }
        for (String statement : bare.toString().split(";")) {
            String one = statement.strip();
            if (!one.isEmpty()
                    && !(BEGIN.matcher(one).matches() && (one.contains(" ") || ALONE.matcher(one).matches()))) {
                return Optional.of("it does not begin as a statement does");
            }
        }
        return bare.toString().replace(";", "").isBlank() ? Optional.of("it is empty") : Optional.empty();
    }

    /** Where a quoted text ends; the text's length where it does not. A doubled quote stands for itself. */
    private static int quoted(String text, int start) {
        char quote = text.charAt(start);
        for (int i = start + 1; i < text.length(); i++) {
            if (text.charAt(i) == quote) {
                if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
                    i++;
                } else {
                    return i;
                }
            }
        }
        return text.length();
    }

    private static boolean isLineComment(String text, int at) {
        return text.startsWith("--", at);
    }

    /** Where a comment ends that begins here; −1 where none does. */
    private static int comment(String text, int start) {
        if (isLineComment(text, start)) {
            int end = text.indexOf('\n', start);
            return end < 0 ? text.length() : end;
        }
        if (text.startsWith("/*", start)) {
            int end = text.indexOf("*/", start + 2);
            return end < 0 ? text.length() : end + 1;
        }
        return -1;
    }
}
