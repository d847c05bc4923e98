package dev.attune.text;

import dev.attune.text.Expression.Arguments;
import dev.attune.text.TemplateToken.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The grammar of expressions in a chat template: recursive descent, loosest operator first, with Jinja's precedences. What
 * it does not know is an error.
 */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final TokenCursor in;
    private final Map<String, Integer> calledNames = new LinkedHashMap<>();

    ExpressionParser(TokenCursor in) {
        this.in = in;
    }

    /** The names that were called and are no functions of the language, each with the line of its first call. */
    Map<String, Integer> calledNames() {
        return calledNames;
    }

    Expression tuple(boolean conditional) {
        Supplier<Expression> one = conditional ? this::expression : this::or;
        var first = one.get();
        if (!in.peek().isOperator(",")) {
            return first;
        }
        var items = new ArrayList<>(List.of(first));
        while (in.takeOperator(",")) {
            if (endsTuple()) {
                break;
            }
            items.add(one.get());
        }
        return new Expression.TupleOf(List.copyOf(items));
    }

    private boolean endsTuple() {
        Kind kind = in.peek().kind();
        return kind == Kind.VARIABLE_END || kind == Kind.BLOCK_END || in.peek().isOperator(")");
    }

    Expression expression() {
        var then = or();
        while (in.takeName("if")) {
            var condition = or();
            Expression otherwise = in.takeName("else")
                    ? expression()
                    : new Expression.Literal(
                            new Python.Undefined("the inline if has no else"));
            then = new Expression.Conditional(condition, then, otherwise);
        }
        return then;
    }

    private Expression or() {
        var left = and();
        while (in.takeName("or")) {
            left = new Expression.Or(left, and());
        }
        return left;
    }

    private Expression and() {
        var left = not();
        while (in.takeName("and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() {
        return in.takeName("not") ? new Expression.Not(not()) : comparison();
    }

    private Expression comparison() {
        var first = sum();
        var operators = new ArrayList<String>();
        var rest = new ArrayList<Expression>();
        while (true) {
            TemplateToken token = in.peek();
            if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
                in.skip(1);
                operators.add(token.text());
            } else if (in.takeName("in")) {
                operators.add("in");
            } else if (token.isName("not") && in.second().isName("in")) {
                in.skip(2);
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
        if (!in.peek().isOperator("~")) {
            return first;
        }
        var parts = new ArrayList<>(List.of(first));
        while (in.takeOperator("~")) {
            parts.add(product());
        }
        return new Expression.Concat(List.copyOf(parts));
    }

    private Expression product() {
        return binary(() -> binary(() -> unary(true), "**"), "*", "/", "//", "%");
    }

    private Expression binary(Supplier<Expression> operand, String... operators) {
        var left = operand.get();
        while (in.peek().kind() == Kind.OPERATOR && List.of(operators).contains(in.peek().text())) {
            String operator = in.next().text();
            left = new Expression.Arithmetic(operator, left, operand.get());
        }
        return left;
    }

    private Expression unary(boolean filters) {
        Expression value;
        if (in.takeOperator("-")) {
            value = new Expression.Sign(true, unary(false));
        } else if (in.takeOperator("+")) {
            value = new Expression.Sign(false, unary(false));
        } else {
            value = primary();
        }
        value = postfix(value);
        return filters ? filtersAndTests(value) : value;
    }

    private Expression primary() {
        TemplateToken token = in.next();
        return switch (token.kind()) {
            case NAME -> switch (token.text()) {
                case "true", "True" -> new Expression.Literal(true);
                case "false", "False" -> new Expression.Literal(false);
                case "none", "None" -> new Expression.Literal(Python.NONE);
                default -> new Expression.Name(token.text());
            };
            case STRING -> {
                var text = new StringBuilder(token.text());
                while (in.peek().kind() == Kind.STRING) {
                    text.append(in.next().text());
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
        if (in.takeOperator(")")) {
            return new Expression.TupleOf(List.of());
        }
        var value = tuple(true);
        in.expectOperator(")");
        return value;
    }

    private List<Expression> listUntil(String close) {
        var items = new ArrayList<Expression>();
        while (!in.takeOperator(close)) {
            if (!items.isEmpty()) {
                in.expectOperator(",");
                if (in.takeOperator(close)) {
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
        while (!in.takeOperator("}")) {
            if (!keys.isEmpty()) {
                in.expectOperator(",");
                if (in.takeOperator("}")) {
                    break;
                }
            }
            keys.add(expression());
            in.expectOperator(":");
            values.add(expression());
        }
        return new Expression.DictOf(List.copyOf(keys), List.copyOf(values));
    }

    private Expression postfix(Expression start) {
        var value = start;
        while (true) {
            if (in.takeOperator(".")) {
                TemplateToken name = in.next();
                if (name.kind() == Kind.INTEGER) {
                    value = new Expression.Item(value, new Expression.Literal(integer(name)));
                } else if (name.kind() == Kind.NAME) {
                    value = new Expression.Attribute(value, name.text());
                } else {
                    throw new TemplateError("a name is missing after '.'", name.line());
                }
            } else if (in.takeOperator("[")) {
                value = subscript(value);
            } else if (in.peek().isOperator("(")) {
                value = call(value);
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression target) {
        Expression none = new Expression.Literal(Python.NONE);
        Expression start = in.peek().isOperator(":") ? none : expression();
        if (in.takeOperator("]")) {
            return new Expression.Item(target, start);
        }
        if (!in.takeOperator(":")) {
            throw in.error("an index of several parts is not supported");
        }
        Expression stop = in.peek().isOperator(":") || in.peek().isOperator("]") ? none : expression();
        Expression step = in.takeOperator(":") && !in.peek().isOperator("]") ? expression() : none;
        in.expectOperator("]");
        return new Expression.Slice(target, start, stop, step);
    }

    private Expression call(Expression callee) {
        int line = in.peek().line();
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
        in.expectOperator("(");
        var positional = new ArrayList<Expression>();
        var named = new LinkedHashMap<String, Expression>();
        boolean first = true;
        while (!in.takeOperator(")")) {
            if (!first) {
                in.expectOperator(",");
                if (in.takeOperator(")")) {
                    break;
                }
            }
            first = false;
            if (in.peek().isOperator("*") || in.peek().isOperator("**")) {
                throw in.error("unpacking arguments with * is not supported");
            }
            if (in.peek().kind() == Kind.NAME && in.second().isOperator("=")) {
                String name = in.next().text();
                in.skip(1);
                named.put(name, expression());
            } else if (named.isEmpty()) {
                positional.add(expression());
            } else {
                throw in.error("an argument without a name follows one with a name");
            }
        }
        return new Arguments(List.copyOf(positional), named);
    }

    private Expression filtersAndTests(Expression start) {
        var value = start;
        while (true) {
            if (in.takeOperator("|")) {
                value = filter(value);
            } else if (in.takeName("is")) {
                value = test(value);
            } else if (in.peek().isOperator("(")) {
                value = call(value);
            } else {
                return value;
            }
        }
    }

    Expression filter(Expression input) {
        int line = in.peek().line();
        String name = in.name();
        var arguments = in.peek().isOperator("(") ? arguments() : Arguments.NONE;
        TemplateFilters.check(name, arguments, line);
        return new Expression.Filter(input, name, arguments);
    }

    private Expression test(Expression input) {
        boolean negated = in.takeName("not");
        int line = in.peek().line();
        String name = in.name();
        if (!TemplateTests.NAMES.contains(name)) {
            throw new TemplateError("the test 'is " + name + "' is not supported", line);
        }
        var arguments = Arguments.NONE;
        if (in.peek().isOperator("(")) {
            arguments = arguments();
        } else if (startsTestArgument()) {
            arguments = new Arguments(List.of(postfix(primary())), Map.of());
        }
        Expression test = new Expression.Test(input, name, arguments);
        return negated ? new Expression.Not(test) : test;
    }

    private boolean startsTestArgument() {
        TemplateToken token = in.peek();
        return switch (token.kind()) {
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> token.isOperator("[") || token.isOperator("{");
            case NAME -> switch (token.text()) {
                case "else", "or", "and" -> false;
                case "is", "if", "in", "not" -> throw in.error("'" + token.text() + "' cannot follow a test");
                default -> true;
            };
            default -> false;
        };
    }
}
