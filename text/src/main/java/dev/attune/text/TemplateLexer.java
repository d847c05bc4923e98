package dev.attune.text;

import dev.attune.text.TemplateToken.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A chat template as tokens, with Jinja's whitespace rules as transformers sets them: {@code trim_blocks} (the newline
 * after a block goes), {@code lstrip_blocks} (blanks before a block that starts a line go), one newline at the end of the
 * file goes, and {@code -} and {@code +} beside a delimiter override both.
 */
final class TemplateLexer {
    private static final String BLANKS = "[\\s\\x1C-\\x1F]*";
    private static final Pattern RAW_BEGIN = Pattern.compile("\\{%([-+]?)" + BLANKS + "raw" + BLANKS + "(-%\\}" + BLANKS
            + "|%\\})", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern RAW_END = Pattern.compile("\\{%([-+]?)" + BLANKS + "endraw" + BLANKS + "(\\+%\\}|-%\\}"
            + BLANKS + "|%\\}\\n?)", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern NUMBER = Pattern.compile(
            "0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+"
                    + "|(?<float>(?:\\d+_)*\\d+(?:(?:\\.(?:\\d+_)*\\d+)?[eE][+-]?(?:\\d+_)*\\d+|\\.(?:\\d+_)*\\d+))"
                    + "|(?:\\d+_)*\\d+");
    private static final List<String> OPERATORS = List.of("//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%",
            "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";");

    private final String source;
    private final List<TemplateToken> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int counted;
    private boolean lineStarting = true;

    private TemplateLexer(String source) {
        this.source = source;
    }

    static List<TemplateToken> tokens(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        if (source.endsWith("\n")) {
            source = source.substring(0, source.length() - 1);
        }
        return new TemplateLexer(source).run();
    }

    private List<TemplateToken> run() {
        while (at < source.length()) {
            int open = nextDelimiter();
            if (open < 0) {
                data(source.substring(at));
                at = source.length();
                break;
            }
            char kind = source.charAt(open + 1);
            Matcher raw = RAW_BEGIN.matcher(source).region(open, source.length());
            boolean isRaw = kind == '%' && raw.lookingAt();
            char sign = open + 2 < source.length() ? source.charAt(open + 2) : ' ';
            boolean signed = sign == '-' || sign == '+';
            data(stripped(source.substring(at, open), sign, kind != '{'));
            at = open + (signed ? 3 : 2);
            lineStarting = false;
            if (isRaw) {
                at = raw.end();
                raw();
            } else if (kind == '#') {
                comment();
            } else {
                add(kind == '{' ? Kind.VARIABLE_BEGIN : Kind.BLOCK_BEGIN, kind == '{' ? "{{" : "{%", open);
                code(kind == '{');
            }
        }
        add(Kind.END, "", source.length());
        return List.copyOf(tokens);
    }

    private int nextDelimiter() {
        for (int i = source.indexOf('{', at); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            char next = source.charAt(i + 1);
            if (next == '{' || next == '%' || next == '#') {
                return i;
            }
        }
        return -1;
    }

    private String stripped(String text, char sign, boolean block) {
        if (sign == '-') {
            return PythonStrings.stripEnd(text);
        }
        int lineStart = text.lastIndexOf('\n') + 1;
        boolean blank = PythonStrings.isBlank(text, lineStart);
        return sign != '+' && block && (lineStart > 0 || lineStarting) && blank ? text.substring(0, lineStart) : text;
    }

    private void comment() {
        int close = source.indexOf("#}", at);
        if (close < 0) {
            throw new TemplateError("a comment that starts here has no end", lineAt(at));
        }
        char sign = close > at ? source.charAt(close - 1) : ' ';
        at = close + 2;
        skipAfter(sign, true);
    }

    private void raw() {
        Matcher end = RAW_END.matcher(source);
        if (!end.find(at)) {
            throw new TemplateError("{% raw %} has no {% endraw %}", lineAt(at));
        }
        String sign = end.group(1);
        data(stripped(source.substring(at, end.start()), sign.isEmpty() ? ' ' : sign.charAt(0), true));
        at = end.end();
        lineStarting = source.charAt(at - 1) == '\n';
    }

    /** Skips what a closing delimiter takes with it: all whitespace after {@code -}, one newline after a plain block. */
    private void skipAfter(char sign, boolean block) {
        if (sign == '-') {
            while (at < source.length() && PythonStrings.isSpace(source.charAt(at))) {
                at++;
            }
        } else if (block && sign != '+' && at < source.length() && source.charAt(at) == '\n') {
            at++;
        }
        lineStarting = source.charAt(at - 1) == '\n';
    }

    private void code(boolean variable) {
        Deque<Character> open = new ArrayDeque<>();
        String close = variable ? "}}" : "%}";
        int start = at;
        while (true) {
            while (at < source.length() && PythonStrings.isSpace(source.charAt(at))) {
                at++;
            }
            if (at >= source.length()) {
                throw new TemplateError("an expression that starts here has no end", lineAt(start));
            }
            if (open.isEmpty()) {
                char c = source.charAt(at);
                boolean signed = c == '-' || (c == '+' && !variable);
                if (source.startsWith(close, at + (signed ? 1 : 0))) {
                    add(variable ? Kind.VARIABLE_END : Kind.BLOCK_END, close, at);
                    at += signed ? 3 : 2;
                    skipAfter(signed ? c : ' ', !variable);
                    return;
                }
            }
            codeToken(open);
        }
    }

    private void codeToken(Deque<Character> open) {
        char c = source.charAt(at);
        if (c == '\'' || c == '"') {
            string(c);
        } else if (c >= '0' && c <= '9') {
            Matcher number = NUMBER.matcher(source).region(at, source.length());
            if (!number.lookingAt()) {
                throw new TemplateError("'" + c + "' does not start a number", lineAt(at));
            }
            add(number.group("float") != null ? Kind.FLOAT : Kind.INTEGER, number.group().replace("_", ""), at);
            at = number.end();
        } else if (Character.isUnicodeIdentifierStart(c) || c == '_') {
            int end = at + 1;
            while (end < source.length() && (Character.isUnicodeIdentifierPart(source.charAt(end)))) {
                end++;
            }
            add(Kind.NAME, source.substring(at, end), at);
            at = end;
        } else {
            operator(c, open);
        }
    }

    private void operator(char c, Deque<Character> open) {
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, at)) {
                if ("([{".indexOf(c) >= 0) {
                    open.push(c == '(' ? ')' : c == '[' ? ']' : '}');
                } else if (")]}".indexOf(c) >= 0 && (open.isEmpty() || open.pop() != c)) {
                    throw new TemplateError("'" + c + "' closes nothing", lineAt(at));
                }
                add(Kind.OPERATOR, operator, at);
                at += operator.length();
                return;
            }
        }
        throw new TemplateError("the character '" + c + "' means nothing here", lineAt(at));
    }

    private void string(char quote) {
        int start = at;
        var value = new StringBuilder();
        for (int i = at + 1; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == quote) {
                add(Kind.STRING, value.toString(), start);
                at = i + 1;
                return;
            }
            if (c == '\\' && i + 1 < source.length()) {
                i = PythonStrings.unescape(source, i + 1, value, lineAt(i));
            } else {
                value.append(c);
            }
        }
        throw new TemplateError("a string that starts here has no end", lineAt(start));
    }

    private void data(String text) {
        if (!text.isEmpty()) {
            add(Kind.DATA, text, at);
        }
    }

    private void add(Kind kind, String text, int where) {
        tokens.add(new TemplateToken(kind, text, lineAt(where)));
    }

    private int lineAt(int where) {
        if (where < counted) {
            return 1 + (int) source.substring(0, where).chars().filter(c -> c == '\n').count();
        }
        for (; counted < where; counted++) {
            line += source.charAt(counted) == '\n' ? 1 : 0;
        }
        return line;
    }
}
