package dev.attune.text;

import dev.attune.text.Statement.Target;
import dev.attune.text.TemplateToken.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/**
 * The grammar of the chat-template language: tokens in, statements out.
 * Whatever it does not know (a tag, filter, test, function or method) is an error here, before anything is rendered.
 */
final class TemplateParser {
    private final TokenCursor in;
    private final ExpressionParser expressions;
    private final Set<String> assigned = new HashSet<>();
    private int loops;
    private int captures;

    private TemplateParser(List<TemplateToken> tokens) {
        in = new TokenCursor(tokens);
        expressions = new ExpressionParser(in);
    }

    static List<Statement> parse(String template) {
        var parser = new TemplateParser(TemplateLexer.tokens(template));
        var body = parser.body();
        if (parser.in.peek().kind() != Kind.END) {
            throw parser.in.error("'" + parser.in.second().text() + "' has no beginning");
        }
        parser.expressions.calledNames().forEach((name, line) -> {
            if (!parser.assigned.contains(name)) {
                throw new TemplateError("the function '" + name + "' is not known", line);
            }
        });
        return body;
    }

    private List<Statement> body(String... ends) {
        var body = new ArrayList<Statement>();
        while (true) {
            TemplateToken token = in.peek();
            switch (token.kind()) {
                case DATA -> {
                    in.skip(1);
                    body.add(new Statement.Text(token.text()));
                }
                case VARIABLE_BEGIN -> {
                    in.skip(1);
                    var value = expressions.tuple(true);
                    in.expect(Kind.VARIABLE_END, "}}");
                    body.add(new Statement.Output(value, token.line()));
                }
                case BLOCK_BEGIN -> {
                    TemplateToken tag = in.second();
                    boolean ending = tag.text().startsWith("end") || tag.isName("else") || tag.isName("elif");
                    if (List.of(ends).contains(tag.text()) || (ends.length == 0 && ending)) {
                        return List.copyOf(body);
                    }
                    in.skip(2);
                    body.add(tag(tag));
                }
                case END -> {
                    if (ends.length > 0) {
                        throw in.error("{% " + ends[ends.length - 1] + " %} is missing");
                    }
                    return List.copyOf(body);
                }
                default -> throw in.error(token.shown() + " cannot stand here");
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
                in.blockEnd();
                yield new Statement.Generation(bodyUntil("endgeneration"));
            }
            case "break", "continue" -> {
                if (loops == 0) {
                    throw new TemplateError("{% " + tag.text() + " %} outside a loop", tag.line());
                }
                in.blockEnd();
                yield tag.text().equals("break") ? new Statement.Break() : new Statement.Continue();
            }
            default -> throw new TemplateError("the tag {% " + tag.text() + " %} is not supported", tag.line());
        };
    }

    private Statement ifTag(int line) {
        var branches = new ArrayList<Statement.Branch>();
        int branchLine = line;
        while (true) {
            var condition = expressions.tuple(false);
            in.blockEnd();
            branches.add(new Statement.Branch(condition, body("elif", "else", "endif"), branchLine));
            in.skip(1);
            TemplateToken tag = in.next();
            branchLine = tag.line();
            if (tag.isName("elif")) {
                continue;
            }
            in.blockEnd();
            return new Statement.If(List.copyOf(branches), tag.isName("else") ? bodyUntil("endif") : List.of());
        }
    }

    private Statement forTag(int line) {
        var target = target(false);
        if (!in.takeName("in")) {
            throw in.error("'in' is missing, found " + in.peek().shown());
        }
        var items = expressions.tuple(false);
        Expression filter = in.takeName("if") ? expressions.expression() : new Expression.Literal(true);
        if (in.peek().isName("recursive")) {
            throw in.error("a recursive loop is not supported");
        }
        in.blockEnd();
        loops++;
        var body = body("else", "endfor");
        loops--;
        in.skip(1);
        boolean hasElse = in.next().isName("else");
        in.blockEnd();
        return new Statement.For(target, items, filter, body, hasElse ? bodyUntil("endfor") : List.of(), line);
    }

    private Statement setTag(int line) {
        var target = target(true);
        if (in.takeOperator("=")) {
            var value = expressions.tuple(true);
            in.blockEnd();
            return new Statement.Set(target, value, line);
        }
        Expression value = new Expression.Name(Statement.SetBlock.CAPTURED);
        while (in.takeOperator("|")) {
            value = expressions.filter(value);
        }
        in.blockEnd();
        return new Statement.SetBlock(target, value, captured("endset"), line);
    }

    private Statement macroTag(int line) {
        String name = in.name();
        assigned.add(name);
        var parameters = new ArrayList<String>();
        var defaults = new LinkedHashMap<String, Expression>();
        in.expectOperator("(");
        while (!in.takeOperator(")")) {
            String parameter = in.name();
            assigned.add(parameter);
            parameters.add(parameter);
            if (in.takeOperator("=")) {
                defaults.put(parameter, expressions.expression());
            }
            if (!in.peek().isOperator(")")) {
                in.expectOperator(",");
            }
        }
        in.blockEnd();
        int outerLoops = loops;
        loops = 0;
        var body = captured("endmacro");
        loops = outerLoops;
        return new Statement.Macro(name, List.copyOf(parameters), defaults, body, line);
    }

    private Statement withTag(int line) {
        var names = new ArrayList<String>();
        var values = new ArrayList<Expression>();
        while (in.peek().kind() != Kind.BLOCK_END) {
            if (!names.isEmpty()) {
                in.expectOperator(",");
            }
            names.add(in.name());
            in.expectOperator("=");
            values.add(expressions.expression());
        }
        assigned.addAll(names);
        in.blockEnd();
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
        in.skip(2);
        in.blockEnd();
        return body;
    }

    private Target target(boolean fields) {
        var targets = new ArrayList<Target>();
        boolean several = false;
        do {
            if (!targets.isEmpty() && in.peek().kind() != Kind.NAME && !in.peek().isOperator("(")) {
                break;
            }
            if (in.takeOperator("(")) {
                targets.add(target(false));
                in.expectOperator(")");
            } else {
                String name = in.name();
                if (fields && in.takeOperator(".")) {
                    String field = in.name();
                    assigned.add(field);
                    targets.add(new Target.Field(name, field));
                } else {
                    assigned.add(name);
                    targets.add(new Target.Variable(name));
                }
            }
            several |= in.peek().isOperator(",");
        } while (in.takeOperator(","));
        return several ? new Target.Several(List.copyOf(targets)) : targets.getFirst();
    }
}
