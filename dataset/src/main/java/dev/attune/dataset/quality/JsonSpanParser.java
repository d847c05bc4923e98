package dev.attune.dataset.quality;

import dev.attune.dataset.quality.JsonSpan.Member;
import dev.attune.dataset.quality.JsonSpan.Scalar;
import dev.attune.dataset.quality.JsonSpan.Sequence;
import dev.attune.dataset.quality.JsonSpan.Structure;
import dev.attune.dataset.quality.JsonSpan.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a line as {@link JsonSpan}s; gives up at the first character that is not JSON. */
final class JsonSpanParser {
    private static final int MAXIMUM_DEPTH = 200;

    private final String text;
    private int at;
    private int depth;

    JsonSpanParser(String text) {
        this.text = text;
    }

    /** A line that cannot be read; caught in this class. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable() {
            super("not JSON", null, false, false);
        }
    }

    Optional<JsonSpan> parse() {
        try {
            JsonSpan value = value();
            space();
            return at == text.length() ? Optional.of(value) : Optional.empty();
        } catch (Unreadable e) {
            return Optional.empty();
        }
    }

    private JsonSpan value() {
        space();
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            default -> scalar();
        };
    }

    private Structure object() {
        int start = open();
        List<Member> members = new ArrayList<>();
        space();
        while (peek() != '}') {
            if (!members.isEmpty()) {
                expect(',');
                space();
            }
            Text key = string();
            space();
            expect(':');
            members.add(new Member(key, value()));
            space();
        }
        at++;
        depth--;
        var object = new Structure(start, at, members);
        if (object.hasDuplicateKeys()) {
            throw new Unreadable();
        }
        return object;
    }

    private Sequence array() {
        int start = open();
        List<JsonSpan> elements = new ArrayList<>();
        space();
        while (peek() != ']') {
            if (!elements.isEmpty()) {
                expect(',');
            }
            elements.add(value());
            space();
        }
        at++;
        depth--;
        return new Sequence(start, at, elements);
    }

    private int open() {
        if (++depth > MAXIMUM_DEPTH) {
            throw new Unreadable();
        }
        return at++;
    }

    private Text string() {
        int start = at;
        expect('"');
        var value = new StringBuilder();
        for (char c = take(); c != '"'; c = take()) {
            value.append(c == '\\' ? escaped() : c);
        }
        return new Text(start, at, value.toString());
    }

    private char escaped() {
        char c = take();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw new Unreadable();
        };
    }

    private char unicode() {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(take(), 16);
            if (digit < 0) {
                throw new Unreadable();
            }
            code = code << 4 | digit;
        }
        return (char) code;
    }

    private Scalar scalar() {
        int start = at;
        while (at < text.length() && "+-.0123456789Eaeflnrstu".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (at == start) {
            throw new Unreadable();
        }
        return new Scalar(start, at);
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw new Unreadable();
        }
        return text.charAt(at);
    }

    private char take() {
        char c = peek();
        at++;
        return c;
    }

    private void expect(char expected) {
        if (take() != expected) {
            throw new Unreadable();
        }
    }
}
