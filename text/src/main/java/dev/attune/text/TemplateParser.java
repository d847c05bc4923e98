package dev.attune.text;

import dev.attune.text.Expression.Arguments;
import dev.attune.text.Statement.Target;
import dev.attune.text.TemplateToken.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The grammar of the chat-template language: tokens in, statements out, by recursive descent with Jinja's precedences.
 * Whatever it does not know (a tag, filter, test, function or method) is an error here, before anything is rendered.
 */
final class TemplateParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final List<TemplateToken> tokens;
    private final Set<String> assigned = new HashSet<>();
    private final Map<String, Integer> calledNames = new LinkedHashMap<>();
    private int at;
    private int loops;
    private int captures;

    private TemplateParser(List<TemplateToken> tokens) {
        this.tokens = tokens;
    }

    static List<Statement> parse(String template) {
        var parser = new TemplateParser(TemplateLexer.tokens(template));
        var body = parser.body();
        if (parser.peek().kind() != Kind.END) {
            throw parser.error("'" + parser.tokens.get(parser.at + 1).text() + "' has no beginning");
        }
        parser.calledNames.forEach((name, line) -> {
            if (!parser.assigned.contains(name)) {
                throw new TemplateError("the function '" + name + "' is not known", line);
            }
        });
        return body;
    }

    // ---- statements

    private List<Statement> body(String... ends) {
        var body = new ArrayList<Statement>();
        while (true) {
            TemplateToken token = peek();
            switch (token.kind()) {
                case DATA -> {
                    at++;
                    body.add(new Statement.Text(token.text()));
                }
                case VARIABLE_BEGIN -> {
                    at++;
                    var value = tuple(true);
                    expect(Kind.VARIABLE_END, "}}");
                    body.add(new Statement.Output(value, token.line()));
                }
                case BLOCK_BEGIN -> {
                    TemplateToken tag = tokens.get(at + 1);
                    boolean ending = tag.text().startsWith("end") || tag.isName("else") || tag.isName("elif");
                    if (List.of(ends).contains(tag.text()) || (ends.length == 0 && ending)) {
                        return List.copyOf(body);
                    }
                    at += 2;
                    body.add(tag(tag));
                }
                case END -> {
                    if (ends.length > 0) {
                        throw error("{% " + ends[ends.length - 1] + " %} is missing");
                    }
                    return List.copyOf(body);
                }
                default -> throw error(token.shown() + " cannot stand here");
            }
        }
    }

    private Statement tag(TemplateToken tag) {
        return switch (tag.text()) {
            case "if" -> ifTag(tag.line());
            case "for" -> forTag(tag.line());
            case "set" -> setTag(tag.line());
            case "macro" -> macroTag(tag.line());
            case "with" -> withTag(tag.line());
            case "generation" -> {
                if (captures > 0) {
                    throw new TemplateError("{% generation %} inside a macro or a set block is not supported",
                            tag.line());
                }
                blockEnd();
                yield new Statement.Generation(bodyUntil("endgeneration"));
            }
            case "break", "continue" -> {
                if (loops == 0) {
                    throw new TemplateError("{% " + tag.text() + " %} outside a loop", tag.line());
                }
                blockEnd();
                yield tag.text().equals("break") ? new Statement.Break() : new Statement.Continue();
            }
            default -> throw new TemplateError("the tag {% " + tag.text() + " %} is not supported", tag.line());
        };
    }

    private Statement ifTag(int line) {
        var branches = new ArrayList<Statement.Branch>();
        int branchLine = line;
        while (true) {
            var condition = tuple(false);
            blockEnd();
            branches.add(new Statement.Branch(condition, body("elif", "else", "endif"), branchLine));
            at++;
            TemplateToken tag = next();
            branchLine = tag.line();
            if (tag.isName("elif")) {
                continue;
            }
            blockEnd();
            return new Statement.If(List.copyOf(branches), tag.isName("else") ? bodyUntil("endif") : List.of());
        }
    }

    private Statement forTag(int line) {
        var target = target(false);
        if (!takeName("in")) {
            throw error("'in' is missing, found " + peek().shown());
        }
        var items = tuple(false);
        Expression filter = takeName("if") ? expression() : new Expression.Literal(true);
        if (peek().isName("recursive")) {
            throw error("a recursive loop is not supported");
        }
        blockEnd();
        loops++;
        var body = body("else", "endfor");
        loops--;
        at++;
        boolean hasElse = next().isName("else");
        blockEnd();
        return new Statement.For(target, items, filter, body, hasElse ? bodyUntil("endfor") : List.of(), line);
    }

    private Statement setTag(int line) {
        var target = target(true);
        if (takeOperator("=")) {
            var value = tuple(true);
            blockEnd();
            return new Statement.Set(target, value, line);
        }
        Expression value = new Expression.Name(Statement.SetBlock.CAPTURED);
        while (takeOperator("|")) {
            value = filter(value);
        }
        blockEnd();
        return new Statement.SetBlock(target, value, captured("endset"), line);
    }

    private Statement macroTag(int line) {
        String name = name();
        assigned.add(name);
        var parameters = new ArrayList<String>();
        var defaults = new LinkedHashMap<String, Expression>();
        expectOperator("(");
        while (!takeOperator(")")) {
            String parameter = name();
            assigned.add(parameter);
            parameters.add(parameter);
            if (takeOperator("=")) {
                defaults.put(parameter, expression());
            }
            if (!peek().isOperator(")")) {
                expectOperator(",");
            }
        }
        blockEnd();
        int outerLoops = loops;
        loops = 0;
        var body = captured("endmacro");
        loops = outerLoops;
        return new Statement.Macro(name, List.copyOf(parameters), defaults, body, line);
    }

    private Statement withTag(int line) {
        var names = new ArrayList<String>();
        var values = new ArrayList<Expression>();
        while (peek().kind() != Kind.BLOCK_END) {
            if (!names.isEmpty()) {
                expectOperator(",");
            }
            names.add(name());
            expectOperator("=");
            values.add(expression());
        }
        assigned.addAll(names);
        blockEnd();
        return new Statement.With(List.copyOf(names), List.copyOf(values), bodyUntil("endwith"), line);
    }

    private List<Statement> captured(String end) {
        captures++;
        var body = bodyUntil(end);
        captures--;
        return body;
    }

    private List<Statement> bodyUntil(String end) {
        var body = body(end);
        at += 2;
        blockEnd();
        return body;
    }

    private Target target(boolean fields) {
        var targets = new ArrayList<Target>();
        boolean several = false;
        do {
            if (!targets.isEmpty() && peek().kind() != Kind.NAME && !peek().isOperator("(")) {
                break;
            }
            if (takeOperator("(")) {
                targets.add(target(false));
                expectOperator(")");
            } else {
                String name = name();
                if (fields && takeOperator(".")) {
                    String field = name();
                    assigned.add(field);
                    targets.add(new Target.Field(name, field));
                } else {
                    assigned.add(name);
                    targets.add(new Target.Variable(name));
                }
            }
            several |= peek().isOperator(",");
        } while (takeOperator(","));
        return several ? new Target.Several(List.copyOf(targets)) : targets.getFirst();
    }

    // ---- expressions, loosest first

    private Expression tuple(boolean conditional) {
        Supplier<Expression> one = conditional ? this::expression : this::or;
        var first = one.get();
        if (!peek().isOperator(",")) {
            return first;
        }
        var items = new ArrayList<>(List.of(first));
        while (takeOperator(",")) {
            if (endsTuple()) {
                break;
            }
            items.add(one.get());
        }
        return new Expression.TupleOf(List.copyOf(items));
    }

    private boolean endsTuple() {
        Kind kind = peek().kind();
        return kind == Kind.VARIABLE_END || kind == Kind.BLOCK_END || peek().isOperator(")");
    }

    private Expression expression() {
        var then = or();
        while (takeName("if")) {
            var condition = or();
            Expression otherwise = takeName("else")
                    ? expression()
                    : new Expression.Literal(
                            new Python.Undefined("the inline if has no else"));
            then = new Expression.Conditional(condition, then, otherwise);
        }
        return then;
    }

    private Expression or() {
        var left = and();
        while (takeName("or")) {
            left = new Expression.Or(left, and());
        }
        return left;
    }

    private Expression and() {
        var left = not();
        while (takeName("and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() {
        return takeName("not") ? new Expression.Not(not()) : comparison();
    }

    private Expression comparison() {
        var first = sum();
        var operators = new ArrayList<String>();
        var rest = new ArrayList<Expression>();
        while (true) {
            TemplateToken token = peek();
            if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
                at++;
                operators.add(token.text());
            } else if (takeName("in")) {
                operators.add("in");
            } else if (token.isName("not") && tokens.get(at + 1).isName("in")) {
                at += 2;
                operators.add("not in");
            } else {
                return operators.isEmpty()
                        ? first
                        : new Expression.Comparison(first, List.copyOf(operators),
                                List.copyOf(rest));
            }
            rest.add(sum());
        }
    }

    private Expression sum() {
        return binary(this::concat, "+", "-");
    }

    private Expression concat() {
        var first = product();
        if (!peek().isOperator("~")) {
            return first;
        }
        var parts = new ArrayList<>(List.of(first));
        while (takeOperator("~")) {
            parts.add(product());
        }
        return new Expression.Concat(List.copyOf(parts));
    }

    private Expression product() {
        return binary(() -> binary(() -> unary(true), "**"), "*", "/", "//", "%");
    }

    private Expression binary(Supplier<Expression> operand, String... operators) {
        var left = operand.get();
        while (peek().kind() == Kind.OPERATOR && List.of(operators).contains(peek().text())) {
            String operator = next().text();
            left = new Expression.Arithmetic(operator, left, operand.get());
        }
        return left;
    }

    private Expression unary(boolean filters) {
        Expression value;
        if (takeOperator("-")) {
            value = new Expression.Sign(true, unary(false));
        } else if (takeOperator("+")) {
            value = new Expression.Sign(false, unary(false));
        } else {
            value = primary();
        }
        value = postfix(value);
        return filters ? filtersAndTests(value) : value;
    }

    private Expression primary() {
        TemplateToken token = next();
        return switch (token.kind()) {
            case NAME -> switch (token.text()) {
                case "true", "True" -> new Expression.Literal(true);
                case "false", "False" -> new Expression.Literal(false);
                case "none", "None" -> new Expression.Literal(Python.NONE);
                default -> new Expression.Name(token.text());
            };
            case STRING -> {
                var text = new StringBuilder(token.text());
                while (peek().kind() == Kind.STRING) {
                    text.append(next().text());
                }
                yield new Expression.Literal(text.toString());
            }
            case INTEGER -> new Expression.Literal(integer(token));
            case FLOAT -> new Expression.Literal(Double.parseDouble(token.text()));
            case OPERATOR -> switch (token.text()) {
                case "(" -> parenthesised();
                case "[" -> new Expression.ListOf(listUntil("]"));
                case "{" -> dict();
                default -> throw new TemplateError(token.shown() + " cannot start a value", token.line());
            };
            default -> throw new TemplateError("a value is missing before " + token.shown(), token.line());
        };
    }

    private static Object integer(TemplateToken token) {
        String text = token.text();
        int radix = text.length() < 2 ? 10 : switch (text.charAt(1)) {
            case 'b', 'B' -> 2;
            case 'o', 'O' -> 8;
            case 'x', 'X' -> 16;
            default -> 10;
        };
        try {
            return new BigInteger(radix == 10 ? text : text.substring(2), radix).longValueExact();
        } catch (ArithmeticException e) {
            throw new TemplateError("the number " + text + " is too large", token.line());
        }
    }

    private Expression parenthesised() {
        if (takeOperator(")")) {
            return new Expression.TupleOf(List.of());
        }
        var value = tuple(true);
        expectOperator(")");
        return value;
    }

    private List<Expression> listUntil(String close) {
        var items = new ArrayList<Expression>();
        while (!takeOperator(close)) {
            if (!items.isEmpty()) {
                expectOperator(",");
                if (takeOperator(close)) {
                    break;
                }
            }
            items.add(expression());
        }
        return List.copyOf(items);
    }

    private Expression dict() {
        var keys = new ArrayList<Expression>();
        var values = new ArrayList<Expression>();
        while (!takeOperator("}")) {
            if (!keys.isEmpty()) {
                expectOperator(",");
                if (takeOperator("}")) {
                    break;
                }
            }
            keys.add(expression());
            expectOperator(":");
            values.add(expression());
        }
        return new Expression.DictOf(List.copyOf(keys), List.copyOf(values));
    }

    private Expression postfix(Expression start) {
        var value = start;
        while (true) {
            if (takeOperator(".")) {
                TemplateToken name = next();
                if (name.kind() == Kind.INTEGER) {
                    value = new Expression.Item(value, new Expression.Literal(integer(name)));
                } else if (name.kind() == Kind.NAME) {
                    value = new Expression.Attribute(value, name.text());
                } else {
                    throw new TemplateError("a name is missing after '.'", name.line());
                }
            } else if (takeOperator("[")) {
                value = subscript(value);
            } else if (peek().isOperator("(")) {
                value = call(value);
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression target) {
        Expression none = new Expression.Literal(Python.NONE);
        Expression start = peek().isOperator(":") ? none : expression();
        if (takeOperator("]")) {
            return new Expression.Item(target, start);
        }
        if (!takeOperator(":")) {
            throw error("an index of several parts is not supported");
        }
        Expression stop = peek().isOperator(":") || peek().isOperator("]") ? none : expression();
        Expression step = takeOperator(":") && !peek().isOperator("]") ? expression() : none;
        expectOperator("]");
        return new Expression.Slice(target, start, stop, step);
    }

    private Expression call(Expression callee) {
        int line = peek().line();
        switch (callee) {
            case Expression.Name(String name) -> {
                if (!TemplateFunctions.NAMES.contains(name)) {
                    calledNames.putIfAbsent(name, line);
                }
            }
            case Expression.Attribute(Expression _, String name) -> {
                if (!PythonMethods.isKnown(name)) {
                    throw new TemplateError("the method '" + name + "' is not supported", line);
                }
            }
            default -> throw new TemplateError("the call of a computed value is not supported", line);
        }
        return new Expression.Call(callee, arguments());
    }

    private Arguments arguments() {
        expectOperator("(");
        var positional = new ArrayList<Expression>();
        var named = new LinkedHashMap<String, Expression>();
        boolean first = true;
        while (!takeOperator(")")) {
            if (!first) {
                expectOperator(",");
                if (takeOperator(")")) {
                    break;
                }
            }
            first = false;
            if (peek().isOperator("*") || peek().isOperator("**")) {
                throw error("unpacking arguments with * is not supported");
            }
            if (peek().kind() == Kind.NAME && tokens.get(at + 1).isOperator("=")) {
                String name = next().text();
                at++;
                named.put(name, expression());
            } else if (named.isEmpty()) {
                positional.add(expression());
            } else {
                throw error("an argument without a name follows one with a name");
            }
        }
        return new Arguments(List.copyOf(positional), named);
    }

    private Expression filtersAndTests(Expression start) {
        var value = start;
        while (true) {
            if (takeOperator("|")) {
                value = filter(value);
            } else if (takeName("is")) {
                value = test(value);
            } else if (peek().isOperator("(")) {
                value = call(value);
            } else {
                return value;
            }
        }
    }

    private Expression filter(Expression input) {
        int line = peek().line();
        String name = name();
        var arguments = peek().isOperator("(") ? arguments() : Arguments.NONE;
        TemplateFilters.check(name, arguments, line);
        return new Expression.Filter(input, name, arguments);
    }

    private Expression test(Expression input) {
        boolean negated = takeName("not");
        int line = peek().line();
        String name = name();
        if (!TemplateTests.NAMES.contains(name)) {
            throw new TemplateError("the test 'is " + name + "' is not supported", line);
        }
        var arguments = Arguments.NONE;
        if (peek().isOperator("(")) {
            arguments = arguments();
        } else if (startsTestArgument()) {
            arguments = new Arguments(List.of(postfix(primary())), Map.of());
        }
        Expression test = new Expression.Test(input, name, arguments);
        return negated ? new Expression.Not(test) : test;
    }

    private boolean startsTestArgument() {
        TemplateToken token = peek();
        return switch (token.kind()) {
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> token.isOperator("[") || token.isOperator("{");
            case NAME -> switch (token.text()) {
                case "else", "or", "and" -> false;
                case "is", "if", "in", "not" -> throw error("'" + token.text() + "' cannot follow a test");
                default -> true;
            };
            default -> false;
        };
    }

    // ---- tokens

    private TemplateToken peek() {
        return tokens.get(at);
    }

    private TemplateToken next() {
        TemplateToken token = tokens.get(at);
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    private boolean takeOperator(String operator) {
        boolean found = peek().isOperator(operator);
        at += found ? 1 : 0;
        return found;
    }

    private boolean takeName(String name) {
        boolean found = peek().isName(name);
        at += found ? 1 : 0;
        return found;
    }

    private void expectOperator(String operator) {
        if (!takeOperator(operator)) {
            throw error("'" + operator + "' is missing before " + peek().shown());
        }
    }

    private String name() {
        if (peek().kind() != Kind.NAME) {
            throw error("a name is missing before " + peek().shown());
        }
        return next().text();
    }

    private void blockEnd() {
        expect(Kind.BLOCK_END, "%}");
    }

    private void expect(Kind kind, String shown) {
        if (peek().kind() != kind) {
            throw error("'" + shown + "' is missing before " + peek().shown());
        }
        at++;
    }

    private TemplateError error(String message) {
        return new TemplateError(message, peek().line());
    }
}
