package dev.attune.text;

import java.util.List;
import java.util.Map;

/** An expression of a chat template, as the parser leaves it and the interpreter walks it. Immutable. */
sealed interface Expression {

    /** A constant; {@code value} is a Python value as {@link Python} describes them. */
    record Literal(Object value) implements Expression {}

    /** A variable. */
    record Name(String name) implements Expression {}

    /** {@code [a, b]}. */
    record ListOf(List<Expression> items) implements Expression {}

    /** {@code (a, b)}. */
    record TupleOf(List<Expression> items) implements Expression {}

    /** {@code {a: b}}. */
    record DictOf(List<Expression> keys, List<Expression> values) implements Expression {}

    /** {@code target.name}. */
    record Attribute(Expression target, String name) implements Expression {}

    /** {@code target[index]}. */
    record Item(Expression target, Expression index) implements Expression {}

    /** {@code target[start:stop:step]}; an absent bound is the literal {@code none}. */
    record Slice(Expression target, Expression start, Expression stop, Expression step) implements Expression {}

    /** What stands between the parentheses of a call, a filter or a test. */
    record Arguments(List<Expression> positional, Map<String, Expression> named) {
        static final Arguments NONE = new Arguments(List.of(), Map.of());
    }

    /** {@code callee(arguments)}. */
    record Call(Expression callee, Arguments arguments) implements Expression {}

    /** {@code input | name(arguments)}. */
    record Filter(Expression input, String name, Arguments arguments) implements Expression {}

    /** {@code input is name arguments}. */
    record Test(Expression input, String name, Arguments arguments) implements Expression {}

    /** {@code not operand}. */
    record Not(Expression operand) implements Expression {}

    /** {@code -operand} or {@code +operand}. */
    record Sign(boolean negative, Expression operand) implements Expression {}

    /** {@code left operator right} for {@code + - * / // % **}. */
    record Arithmetic(String operator, Expression left, Expression right) implements Expression {}

    /** {@code a ~ b ~ c}. */
    record Concat(List<Expression> parts) implements Expression {}

    /** {@code first op1 right1 op2 right2}, chained as Python chains them. */
    record Comparison(Expression first, List<String> operators, List<Expression> rest) implements Expression {}

    /** {@code left and right}: the value of one of them. */
    record And(Expression left, Expression right) implements Expression {}

    /** {@code left or right}: the value of one of them. */
    record Or(Expression left, Expression right) implements Expression {}

    /** {@code then if condition else otherwise}. */
    record Conditional(Expression condition, Expression then, Expression otherwise) implements Expression {}
}
