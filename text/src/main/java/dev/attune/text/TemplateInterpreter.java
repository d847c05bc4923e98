package dev.attune.text;

import dev.attune.text.Expression.Arguments;
import dev.attune.text.Statement.Target;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One rendering of a chat template: walks its statements and writes the text. Used once, by one thread. */
final class TemplateInterpreter {

    /** The text, and where in it each {@code {% generation %}} block stands (characters, end exclusive). */
    record Rendering(String text, List<Span> generations) {}

    /** A stretch of text, in Java characters, end exclusive. */
    record Span(int start, int end) {}

    private enum Flow {
        ON, BREAK, CONTINUE
    }

    private static final class Scope {
        final @Nullable Scope parent;
        final Map<String, Object> variables = new HashMap<>();

        Scope(@Nullable Scope parent) {
            this.parent = parent;
        }
    }

    private final Clock clock;
    private final List<Span> generations = new ArrayList<>();
    private StringBuilder out = new StringBuilder();
    private Scope scope = new Scope(null);

    private TemplateInterpreter(Clock clock, Map<String, Object> variables) {
        this.clock = clock;
        scope.variables.putAll(variables);
    }

    static Rendering render(List<Statement> template, Map<String, Object> variables, Clock clock) {
        var interpreter = new TemplateInterpreter(clock, variables);
        try {
            interpreter.run(template);
        } catch (StackOverflowError e) {
            throw new TemplateError("macros call each other without end");
        }
        return new Rendering(interpreter.out.toString(), List.copyOf(interpreter.generations));
    }

    // ---- statements

    private Flow run(List<Statement> body) {
        for (Statement statement : body) {
            Flow flow = run(statement);
            if (flow != Flow.ON) {
                return flow;
            }
        }
        return Flow.ON;
    }

    private Flow run(Statement statement) {
        switch (statement) {
            case Statement.Text(String text) -> out.append(text);
            case Statement.Output(Expression value, int line) -> out.append(text(value, line));
            case Statement.If(List<Statement.Branch> branches, List<Statement> otherwise) -> {
                for (var branch : branches) {
                    if (Python.truth(value(branch.condition(), branch.line()))) {
                        return run(branch.body());
                    }
                }
                return run(otherwise);
            }
            case Statement.For loop -> {
                return run(loop);
            }
            case Statement.Set(Target target, Expression value, int line) -> assign(target, value(value, line), line);
            case Statement.SetBlock(Target target, Expression value, List<Statement> body, int line) -> {
                String text = captured(() -> run(body));
                Object result = scoped(() -> {
                    scope.variables.put(Statement.SetBlock.CAPTURED, text);
                    return value(value, line);
                });
                assign(target, result, line);
            }
            case Statement.Macro macro -> scope.variables.put(macro.name(), macro(macro, scope));
            case Statement.With(List<String> names, List<Expression> values, List<Statement> body, int line) -> {
                var given = values.stream().map(each -> value(each, line)).toList();
                return scoped(() -> {
                    for (int i = 0; i < names.size(); i++) {
                        scope.variables.put(names.get(i), given.get(i));
                    }
                    return run(body);
                });
            }
            case Statement.Generation(List<Statement> body) -> {
                int start = out.length();
                Flow flow = scoped(() -> run(body));
                generations.add(new Span(start, out.length()));
                return flow;
            }
            case Statement.Break _ -> {
                return Flow.BREAK;
            }
            case Statement.Continue _ -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.ON;
    }

    private Flow run(Statement.For loop) {
        var items = Python.items(value(loop.items(), loop.line()));
        if (!(loop.filter() instanceof Expression.Literal)) {
            items = items.stream().filter(item -> scoped(() -> {
                assign(loop.target(), item, loop.line());
                return Python.truth(value(loop.filter(), loop.line()));
            })).toList();
        }
        if (items.isEmpty()) {
            return scoped(() -> run(loop.otherwise()));
        }
        var state = new LoopState(items);
        for (int i = 0; i < items.size(); i++) {
            state.moveTo(i);
            Object item = items.get(i);
            Flow flow = scoped(() -> {
                scope.variables.put("loop", state);
                assign(loop.target(), item, loop.line());
                return run(loop.body());
            });
            if (flow == Flow.BREAK) {
                break;
            }
        }
        return Flow.ON;
    }

    private void assign(Target target, Object value, int line) {
        switch (target) {
            case Target.Variable(String name) -> scope.variables.put(name, value);
            case Target.Field(String namespace, String name) -> {
                if (!(variable(namespace) instanceof Python.Namespace(Map<String, Object> fields))) {
                    throw new TemplateError("only the fields of a namespace can be set, and '" + namespace
                            + "' is none", line);
                }
                fields.put(name, value);
            }
            case Target.Several(List<Target> targets) -> {
                var items = Python.items(value);
                if (items.size() != targets.size()) {
                    throw new TemplateError(items.size() + " values for " + targets.size() + " variables", line);
                }
                for (int i = 0; i < targets.size(); i++) {
                    assign(targets.get(i), items.get(i), line);
                }
            }
        }
    }

    private Python.Callable macro(Statement.Macro macro, Scope home) {
        return arguments -> {
            arguments.expect(macro.parameters().toArray(String[]::new));
            Scope caller = scope;
            scope = new Scope(home);
            try {
                for (int i = 0; i < macro.parameters().size(); i++) {
                    String name = macro.parameters().get(i);
                    Expression absent = macro.defaults().get(name);
                    Object value = arguments.has(i, name)
                            ? arguments.required(i, name)
                            : absent == null ? new Python.Undefined(name) : value(absent, macro.line());
                    scope.variables.put(name, value);
                }
                return captured(() -> run(macro.body()));
            } finally {
                scope = caller;
            }
        };
    }

    private interface Step<T> {
        T run();
    }

    private <T> T scoped(Step<T> step) {
        Scope outer = scope;
        scope = new Scope(outer);
        try {
            return step.run();
        } finally {
            scope = outer;
        }
    }

    private String captured(Step<Flow> step) {
        StringBuilder outer = out;
        out = new StringBuilder();
        try {
            scoped(step);
            return out.toString();
        } finally {
            out = outer;
        }
    }

    // ---- expressions

    private Object value(Expression expression, int line) {
        try {
            return value(expression);
        } catch (TemplateError e) {
            throw e.at(line);
        }
    }

    private String text(Expression expression, int line) {
        try {
            return Python.text(value(expression));
        } catch (TemplateError e) {
            throw e.at(line);
        }
    }

    private Object value(Expression expression) {
        return switch (expression) {
            case Expression.Literal(Object value) -> value;
            case Expression.Name(String name) -> variable(name);
            case Expression.ListOf(List<Expression> items) -> values(items);
            case Expression.TupleOf(List<Expression> items) -> new Python.Tuple(values(items));
            case Expression.DictOf(List<Expression> keys, List<Expression> values) -> Python.dict(values(keys),
                    values(values));
            case Expression.Attribute(Expression target, String name) -> named(Python.attribute(value(target), name),
                    expression);
            case Expression.Item(Expression target, Expression index) -> Python.item(value(target), value(index));
            case Expression.Slice(Expression target, Expression start, Expression stop, Expression step) -> Python
                    .slice(value(target), value(start), value(stop), value(step));
            case Expression.Call(Expression callee, Arguments arguments) -> called(callee, arguments);
            case Expression.Filter(Expression input, String name, Arguments arguments) -> TemplateFilters.apply(name,
                    value(input), evaluated(name, arguments));
            case Expression.Test(Expression input, String name, Arguments arguments) -> TemplateTests.holds(name,
                    value(input), evaluated(name, arguments));
            case Expression.Not(Expression operand) -> !Python.truth(value(operand));
            case Expression.Sign(boolean negative, Expression operand) -> negative
                    ? PythonNumbers.negated(
                            value(operand))
                    : Python.arithmetic("+", 0L, value(operand));
            case Expression.Arithmetic(String operator, Expression left, Expression right) -> Python.arithmetic(
                    operator, value(left), value(right));
            case Expression.Concat(List<Expression> parts) -> {
                var text = new StringBuilder();
                parts.forEach(part -> text.append(Python.text(value(part))));
                yield text.toString();
            }
            case Expression.Comparison comparison -> compared(comparison);
            case Expression.And(Expression left, Expression right) -> {
                Object first = value(left);
                yield Python.truth(first) ? value(right) : first;
            }
            case Expression.Or(Expression left, Expression right) -> {
                Object first = value(left);
                yield Python.truth(first) ? first : value(right);
            }
            case Expression.Conditional(Expression condition, Expression then, Expression otherwise) -> Python.truth(
                    value(condition)) ? value(then) : value(otherwise);
        };
    }

    private static Object named(Object value, Expression expression) {
        return value instanceof Python.Undefined
                && expression instanceof Expression.Attribute(Expression.Name(String owner), String name)
                        ? new Python.Undefined(owner + "." + name)
                        : value;
    }

    private boolean compared(Expression.Comparison comparison) {
        Object left = value(comparison.first());
        for (int i = 0; i < comparison.operators().size(); i++) {
            Object right = value(comparison.rest().get(i));
            boolean holds = switch (comparison.operators().get(i)) {
                case "==" -> Python.equal(left, right);
                case "!=" -> !Python.equal(left, right);
                case "<" -> Python.compare(left, right) < 0;
                case "<=" -> Python.compare(left, right) <= 0;
                case ">" -> Python.compare(left, right) > 0;
                case ">=" -> Python.compare(left, right) >= 0;
                case "in" -> Python.contains(right, left);
                default -> !Python.contains(right, left);
            };
            if (!holds) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private Object variable(String name) {
        for (Scope place = scope; place != null; place = place.parent) {
            Object value = place.variables.get(name);
            if (value != null) {
                return value;
            }
        }
        if (TemplateFunctions.NAMES.contains(name)) {
            return (Python.Callable) arguments -> TemplateFunctions.call(name, arguments, clock);
        }
        return new Python.Undefined(name);
    }

    private Object called(Expression callee, Arguments arguments) {
        Object target = value(callee);
        if (!(target instanceof Python.Callable function)) {
            String name = callee instanceof Expression.Attribute(_, String method)
                    ? method
                    : callee instanceof Expression.Name(String variable) ? variable : "it";
            throw new TemplateError("'" + name + "' cannot be called on a "
                    + (callee instanceof Expression.Attribute(Expression owner, _)
                            ? Python.type(value(owner))
                            : Python.type(target)));
        }
        String name = switch (callee) {
            case Expression.Name(String variable) -> variable;
            case Expression.Attribute(_, String method) -> method;
            default -> "the function";
        };
        return function.call(evaluated(name, arguments));
    }

    private CallArguments evaluated(String callee, Arguments arguments) {
        if (arguments == Arguments.NONE) {
            return new CallArguments(callee, List.of(), Map.of());
        }
        var named = new LinkedHashMap<String, Object>();
        arguments.named().forEach((name, value) -> named.put(name, value(value)));
        return new CallArguments(callee, values(arguments.positional()), named);
    }

    private List<Object> values(List<Expression> expressions) {
        var values = new ArrayList<Object>(expressions.size());
        for (Expression expression : expressions) {
            values.add(value(expression));
        }
        return values;
    }
}
