package dev.attune.text;

import java.util.List;
import java.util.Map;

/** A statement of a chat template; {@code line} is one-based. Immutable. */
sealed interface Statement {

    /** Text between the blocks. */
    record Text(String text) implements Statement {}

    /** {@code {{ value }}}. */
    record Output(Expression value, int line) implements Statement {}

    /** One condition of an {@link If} and what happens where it holds. */
    record Branch(Expression condition, List<Statement> body, int line) {}

    /** {@code {% if %} … {% elif %} … {% else %} … {% endif %}}. */
    record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

    /** {@code {% for target in items if filter %} … {% else %} … {% endfor %}}; no filter is the literal true. */
    record For(Target target, Expression items, Expression filter, List<Statement> body, List<Statement> otherwise,
            int line) implements Statement {}

    /** {@code {% set target = value %}}. */
    record Set(Target target, Expression value, int line) implements Statement {}

    /** {@code {% set target | filter %} … {% endset %}}; {@code value} reads the text from {@link #CAPTURED}. */
    record SetBlock(Target target, Expression value, List<Statement> body, int line) implements Statement {
        static final String CAPTURED = "captured text";
    }

    /** {@code {% macro name(parameters) %} … {% endmacro %}}; {@code defaults} are those of some of the parameters. */
    record Macro(String name, List<String> parameters, Map<String, Expression> defaults, List<Statement> body,
            int line) implements Statement {}

    /** {@code {% with a = 1 %} … {% endwith %}}. */
    record With(List<String> names, List<Expression> values, List<Statement> body, int line) implements Statement {}

    /** {@code {% generation %} … {% endgeneration %}}: what the assistant itself wrote. */
    record Generation(List<Statement> body) implements Statement {}

    /** {@code {% break %}}. */
    record Break() implements Statement {}

    /** {@code {% continue %}}. */
    record Continue() implements Statement {}

    /** What a loop or a {@code set} assigns to. */
    sealed interface Target {
        /** A variable. */
        record Variable(String name) implements Target {}

        /** {@code a, b}. */
        record Several(List<Target> targets) implements Target {}

        /** {@code ns.name}, where {@code ns} is a namespace. */
        record Field(String namespace, String name) implements Target {}
    }
}
