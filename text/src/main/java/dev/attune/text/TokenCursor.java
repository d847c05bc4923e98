package dev.attune.text;

import dev.attune.text.TemplateToken.Kind;
import java.util.List;

/** A place in the tokens of a template, which moves forward as they are taken. */
final class TokenCursor {
    private final List<TemplateToken> tokens;
    private int at;

    TokenCursor(List<TemplateToken> tokens) {
        this.tokens = tokens;
    }

    /** The token after the next one. */
    TemplateToken second() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    void skip(int count) {
        at += count;
    }

    TemplateToken peek() {
        return tokens.get(at);
    }

    TemplateToken next() {
        TemplateToken token = tokens.get(at);
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    boolean takeOperator(String operator) {
        boolean found = peek().isOperator(operator);
        at += found ? 1 : 0;
        return found;
    }

    boolean takeName(String name) {
        boolean found = peek().isName(name);
        at += found ? 1 : 0;
        return found;
    }

    void expectOperator(String operator) {
        if (!takeOperator(operator)) {
            throw error("'" + operator + "' is missing before " + peek().shown());
        }
    }

    String name() {
        if (peek().kind() != Kind.NAME) {
            throw error("a name is missing before " + peek().shown());
        }
        return next().text();
    }

    void blockEnd() {
        expect(Kind.BLOCK_END, "%}");
    }

    void expect(Kind kind, String shown) {
        if (peek().kind() != kind) {
            throw error("'" + shown + "' is missing before " + peek().shown());
        }
        at++;
    }

    TemplateError error(String message) {
        return new TemplateError(message, peek().line());
    }
}
