package dev.attune.text;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What may follow {@code is} in a chat template. */
final class TemplateTests {
    private static final Set<String> ALONE = Set.of("defined", "undefined", "none", "true", "false", "boolean",
            "string",
            "mapping", "sequence", "iterable", "number", "integer", "float", "callable", "odd", "even", "lower",
            "upper");
    static final Set<String> NAMES = Set.of("defined", "undefined", "none", "true", "false", "boolean", "string",
            "mapping", "sequence", "iterable", "number", "integer", "float", "callable", "odd", "even", "lower",
            "upper", "divisibleby", "sameas", "in", "eq", "equalto", "ne", "lt", "lessthan", "le", "gt", "greaterthan",
            "ge");
    private static final Set<String> SYMBOLS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private TemplateTests() {}

    /** Whether {@code select} and its like may name this test; they know the symbols too. */
    static boolean isKnown(String name) {
        return NAMES.contains(name) || SYMBOLS.contains(name);
    }

    static boolean holds(String name, Object value, CallArguments arguments) {
        if (ALONE.contains(name)) {
            arguments.expect();
            return holds(name, value);
        }
        Object other = arguments.expect("other").required(0, "other");
        return switch (name) {
            case "divisibleby" -> PythonNumbers.integer(value) % PythonNumbers.integer(other) == 0;
            case "sameas" ->
                value == other || (!(value instanceof List || value instanceof Map) && value.equals(other));
            case "in" -> Python.contains(other, value);
            case "eq", "equalto", "==" -> Python.equal(value, other);
            case "ne", "!=" -> !Python.equal(value, other);
            case "lt", "lessthan", "<" -> Python.compare(value, other) < 0;
            case "le", "<=" -> Python.compare(value, other) <= 0;
            case "gt", "greaterthan", ">" -> Python.compare(value, other) > 0;
            case "ge", ">=" -> Python.compare(value, other) >= 0;
            default -> throw new TemplateError("the test '" + name + "' is not supported");
        };
    }

    private static boolean holds(String name, Object value) {
        return switch (name) {
            case "defined" -> !(value instanceof Python.Undefined);
            case "undefined" -> value instanceof Python.Undefined;
            case "none" -> value instanceof Python.None;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "boolean" -> value instanceof Boolean;
            case "string" -> value instanceof String;
            case "mapping" -> value instanceof Map;
            case "sequence" -> value instanceof String || value instanceof List || value instanceof Map
                    || value instanceof Python.Undefined;
            case "iterable" -> value instanceof String || value instanceof List || value instanceof Map
                    || value instanceof Python.Undefined || value instanceof Python.Generator;
            case "number" -> PythonNumbers.isNumber(value);
            case "integer" -> value instanceof Long || value instanceof BigInteger;
            case "float" -> value instanceof Double;
            case "callable" -> value instanceof Python.Callable;
            case "odd" -> PythonNumbers.integer(value) % 2 != 0;
            case "even" -> PythonNumbers.integer(value) % 2 == 0;
            case "lower" -> isCased(value, Python.text(value).equals(PythonStrings.lower(Python.text(value))));
            case "upper" -> isCased(value, Python.text(value).equals(PythonStrings.upper(Python.text(value))));
            default -> throw new TemplateError("the test '" + name + "' is not supported");
        };
    }

    private static boolean isCased(Object value, boolean inCase) {
        return inCase && Python.text(value).codePoints().anyMatch(c -> Character.isLowerCase(c)
                || Character.isUpperCase(c));
    }
}
