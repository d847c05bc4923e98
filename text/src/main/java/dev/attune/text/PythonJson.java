package dev.attune.text;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** {@code json.dumps} as transformers gives it to templates: nothing escaped for HTML, letters as they are. */
final class PythonJson {
    private final StringBuilder out = new StringBuilder();
    private final boolean ascii;
    private final boolean sorted;
    private final String indent;
    private final boolean indented;
    private final String itemSeparator;
    private final String keySeparator;

    private PythonJson(CallArguments arguments) {
        arguments.expect("ensure_ascii", "indent", "separators", "sort_keys");
        ascii = arguments.flag(0, "ensure_ascii", false);
        Object width = arguments.get(1, "indent", Python.NONE);
        indented = !(width instanceof Python.None);
        indent = width instanceof String s
                ? s
                : indented
                        ? " ".repeat((int) Math.max(0, PythonNumbers.integer(width)))
                        : "";
        if (arguments.get(2, "separators", Python.NONE) instanceof List<?> pair && pair.size() == 2) {
            itemSeparator = Python.text(pair.get(0));
            keySeparator = Python.text(pair.get(1));
        } else {
            itemSeparator = indented ? "," : ", ";
            keySeparator = ": ";
        }
        sorted = arguments.flag(3, "sort_keys", false);
    }

    static String dumps(Object value, CallArguments arguments) {
        var json = new PythonJson(arguments);
        json.write(value, 0);
        return json.out.toString();
    }

    private void write(Object value, int depth) {
        switch (value) {
            case String s -> string(s);
            case Boolean b -> out.append(b ? "true" : "false");
            case Python.None _ -> out.append("null");
            case Long n -> out.append(n);
            case BigInteger n -> out.append(n);
            case Double d -> out.append(d.isNaN()
                    ? "NaN"
                    : d.isInfinite()
                            ? (d > 0 ? "Infinity" : "-Infinity")
                            : PythonNumbers.repr(d));
            case List<?> list -> {
                out.append('[');
                boolean first = true;
                for (Object item : list) {
                    separate(first, depth + 1);
                    first = false;
                    write(item, depth + 1);
                }
                close(list.isEmpty(), depth, ']');
            }
            case Map<?, ?> map -> {
                out.append('{');
                boolean first = true;
                List<?> keys = sorted
                        ? map.keySet().stream().sorted(Python::compare).toList()
                        : List.copyOf(map.keySet());
                for (Object key : keys) {
                    separate(first, depth + 1);
                    first = false;
                    string(key(key));
                    out.append(keySeparator);
                    write(Python.item(map, key), depth + 1);
                }
                close(map.isEmpty(), depth, '}');
            }
            default -> throw new TemplateError("tojson cannot write a " + Python.type(value));
        }
    }

    private static String key(Object key) {
        return switch (key) {
            case String s -> s;
            case Boolean b -> b ? "true" : "false";
            case Python.None _ -> "null";
            default -> Python.repr(key);
        };
    }

    private void separate(boolean first, int depth) {
        if (!first) {
            out.append(itemSeparator);
        }
        if (indented) {
            out.append('\n').append(indent.repeat(depth));
        }
    }

    private void close(boolean empty, int depth, char bracket) {
        if (indented && !empty) {
            out.append('\n').append(indent.repeat(depth));
        }
        out.append(bracket);
    }

    private void string(String s) {
        out.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20 || (ascii && c > 0x7E)) {
                        out.append("\\u").append(Character.forDigit(c >> 12, 16))
                                .append(Character.forDigit(c >> 8 & 15, 16)).append(Character.forDigit(c >> 4 & 15, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
