package dev.attune.text;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Values as the chat-template language has them, with Python's idea of truth, equality, order and text.
 *
 * <p>A value is a {@code String}, {@code Boolean}, {@code Long}, {@code BigInteger}, {@code Double}, {@code List}
 * ({@link Tuple} where Python shows parentheses), {@code Map}, or one of the types here.
 */
final class Python {

    private Python() {}

    private static final Set<String> PARTS_OF_NUMBERS = Set.of("real", "imag", "numerator", "denominator");

    /** Python's {@code None}. */
    static final None NONE = None.NONE;

    /** The type of {@link #NONE}. */
    enum None {
        NONE
    }

    /** A value that is not there; it prints as nothing and is false, but reaching into it is an error. */
    record Undefined(String what) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Undefined;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    /** Something that can be called: a macro, a function, or a method with its receiver. */
    interface Callable {
        Object call(CallArguments arguments);
    }

    /** {@code namespace(…)}: the one value whose fields a template can set. */
    record Namespace(Map<String, Object> fields) {}

    /** What {@code map} and its like give: to be gone through once, true even where empty, without a length. */
    record Generator(Iterator<Object> items) {}

    /** A list that Python shows in parentheses. */
    static final class Tuple extends AbstractList<Object> {
        private final List<Object> items;

        Tuple(List<?> items) {
            this.items = List.copyOf(items);
        }

        @Override
        public Object get(int index) {
            return items.get(index);
        }

        @Override
        public int size() {
            return items.size();
        }
    }

    /** A Java value out of a JSON reader, deeply, as a template value. */
    static Object value(Object value) {
        return switch (value) {
            case null -> NONE;
            case Byte b -> b.longValue();
            case Short s -> s.longValue();
            case Integer i -> i.longValue();
            case Float f -> f.doubleValue();
            case BigDecimal d -> d.doubleValue();
            case BigInteger i when i.bitLength() < 64 -> i.longValue();
            case Map<?, ?> map -> {
                var copy = LinkedHashMap.<Object, Object>newLinkedHashMap(map.size());
                map.forEach((key, item) -> copy.put(value(key), value(item)));
                yield Collections.unmodifiableMap(copy);
            }
            case Collection<?> list -> {
                var copy = new ArrayList<Object>(list.size());
                list.forEach(item -> copy.add(value(item)));
                yield Collections.unmodifiableList(copy);
            }
            default -> value;
        };
    }

    static boolean truth(Object value) {
        return switch (value) {
            case Boolean b -> b;
            case String s -> !s.isEmpty();
            case Long n -> n != 0;
            case BigInteger n -> n.signum() != 0;
            case Double d -> d != 0;
            case Collection<?> c -> !c.isEmpty();
            case Map<?, ?> m -> !m.isEmpty();
            case None _,Undefined _ -> false;
            default -> true;
        };
    }

    /** {@code str(value)}: what {@code {{ value }}} writes. */
    static String text(Object value) {
        return switch (value) {
            case String s -> s;
            case Undefined _ -> "";
            default -> repr(value);
        };
    }

    /** {@code repr(value)}. */
    static String repr(Object value) {
        return switch (value) {
            case String s -> PythonStrings.repr(s);
            case Boolean b -> b ? "True" : "False";
            case None _ -> "None";
            case Undefined _ -> "Undefined";
            case Double d -> PythonNumbers.repr(d);
            case Tuple t -> t.size() == 1 ? "(" + repr(t.getFirst()) + ",)" : "(" + joined(t) + ")";
            case List<?> list -> "[" + joined(list) + "]";
            case Map<?, ?> map -> {
                var out = new StringBuilder("{");
                map.forEach((key, item) -> out.append(out.length() > 1 ? ", " : "").append(repr(key)).append(": ")
                        .append(repr(item)));
                yield out.append('}').toString();
            }
            case Long n -> n.toString();
            case BigInteger n -> n.toString();
            default -> throw new TemplateError("a " + type(value) + " cannot be written as text");
        };
    }

    private static String joined(List<?> items) {
        var out = new StringBuilder();
        for (Object item : items) {
            out.append(out.isEmpty() ? "" : ", ").append(repr(item));
        }
        return out.toString();
    }

    /** The name of a value's type, for messages. */
    static String type(Object value) {
        return switch (value) {
            case String _ -> "str";
            case Boolean _ -> "bool";
            case Long _,BigInteger _ -> "int";
            case Double _ -> "float";
            case Tuple _ -> "tuple";
            case List<?> _ -> "list";
            case Map<?, ?> _ -> "dict";
            case None _ -> "None";
            case Undefined u -> "undefined value (" + u.what() + ")";
            case Namespace _ -> "namespace";
            case Generator _ -> "generator";
            case Callable _ -> "function";
            default -> "value";
        };
    }

    static boolean equal(Object a, Object b) {
        if (PythonNumbers.isNumber(a) && PythonNumbers.isNumber(b)) {
            return PythonNumbers.compare(a, b) == 0;
        }
        if (a instanceof List<?> left && b instanceof List<?> right) {
            if (left.size() != right.size() || left instanceof Tuple != right instanceof Tuple) {
                return false;
            }
            for (int i = 0; i < left.size(); i++) {
                if (!equal(left.get(i), right.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (a instanceof Map<?, ?> left && b instanceof Map<?, ?> right) {
            return left.size() == right.size() && left.entrySet().stream().allMatch(entry -> {
                Object other = right.get(entry.getKey());
                return other != null && equal(entry.getValue(), other);
            });
        }
        return Objects.equals(a, b);
    }

    /** Less than, equal or greater, where Python has an order at all. */
    static int compare(Object a, Object b) {
        if (PythonNumbers.isNumber(a) && PythonNumbers.isNumber(b)) {
            return PythonNumbers.compare(a, b);
        }
        if (a instanceof String left && b instanceof String right) {
            return PythonStrings.compare(left, right);
        }
        if (a instanceof List<?> left && b instanceof List<?> right
                && left instanceof Tuple == right instanceof Tuple) {
            for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
                if (!equal(left.get(i), right.get(i))) {
                    return compare(left.get(i), right.get(i));
                }
            }
            return Integer.compare(left.size(), right.size());
        }
        throw new TemplateError("a " + type(a) + " and a " + type(b) + " have no order");
    }

    static boolean contains(Object container, Object item) {
        return switch (container) {
            case String s when item instanceof String part -> s.contains(part);
            case String _ -> throw new TemplateError("a " + type(item) + " cannot be looked for in a str");
            case Map<?, ?> _ when item instanceof Map || (item instanceof List && !(item instanceof Tuple)) ->
                throw new TemplateError("a " + type(item) + " cannot be a key");
            case Map<?, ?> map -> map.containsKey(item);
            default -> {
                for (Object each : items(container)) {
                    if (equal(each, item)) {
                        yield true;
                    }
                }
                yield false;
            }
        };
    }

    /** What a loop over the value goes through: characters of a string, keys of a dict. */
    static List<Object> items(Object value) {
        return switch (value) {
            case List<?> list -> Collections.unmodifiableList(list);
            case Collection<?> collection -> List.copyOf(collection);
            case Map<?, ?> map -> List.copyOf(map.keySet());
            case String s -> PythonStrings.characters(s);
            case Undefined _ -> List.of();
            case Generator generator -> {
                var items = new ArrayList<>();
                generator.items().forEachRemaining(items::add);
                yield items;
            }
            default -> throw new TemplateError("a " + type(value) + " cannot be gone through");
        };
    }

    static long length(Object value) {
        return switch (value) {
            case String s -> s.codePointCount(0, s.length());
            case Collection<?> c -> c.size();
            case Map<?, ?> m -> m.size();
            case Undefined _ -> 0;
            default -> throw new TemplateError("a " + type(value) + " has no length");
        };
    }

    /** {@code value.name}: a method first, then an item of that name. */
    static Object attribute(Object value, String name) {
        return switch (value) {
            case Undefined u -> throw new TemplateError("'" + name + "' is asked of something that is undefined ("
                    + u.what() + ")");
            case Map<?, ?> map when PythonMethods.of(map, name) instanceof Callable method -> method;
            case Map<?, ?> map -> found(map.get(name), name);
            case Namespace namespace -> found(namespace.fields().get(name), name);
            case LoopState loop -> loop.attribute(name);
            case String _,List<?> _ -> PythonMethods.of(value, name) instanceof Callable method
                    ? method
                    : new Undefined(name);
            case Boolean _,Long _,BigInteger _,Double _ when PARTS_OF_NUMBERS.contains(name) -> throw new TemplateError(
                    "'" + name + "' of a number is not supported");
            default -> new Undefined(name);
        };
    }

    /** {@code value[index]}: an item first, then an attribute of that name. */
    static Object item(Object value, Object index) {
        return switch (value) {
            case Undefined u -> throw new TemplateError("'" + text(index)
                    + "' is asked of something that is undefined (" + u.what() + ")");
            case Map<?, ?> map -> {
                Object found = map.get(index);
                yield found != null
                        ? found
                        : index instanceof String name
                                ? attribute(value, name)
                                : new Undefined(text(index));
            }
            case List<?> list when index instanceof Long n -> {
                long place = n < 0 ? n + list.size() : n;
                yield place >= 0 && place < list.size() ? list.get((int) place) : new Undefined("item " + n);
            }
            case String s when index instanceof Long n -> {
                long length = length(s);
                long place = n < 0 ? n + length : n;
                yield place >= 0 && place < length
                        ? PythonStrings.slice(s, place, place + 1, 1)
                        : new Undefined("item " + n);
            }
            default -> index instanceof String name ? attribute(value, name) : new Undefined(text(index));
        };
    }

    private static Object found(@Nullable Object item, String name) {
        return item == null ? new Undefined(name) : item;
    }

    /** {@code value[start:stop:step]}; bounds are integers or {@link #NONE}. */
    static Object slice(Object value, Object start, Object stop, Object step) {
        if (value instanceof Undefined u) {
            throw new TemplateError("a slice is asked of something that is undefined (" + u.what() + ")");
        }
        if (!(value instanceof String || value instanceof List<?>)) {
            throw new TemplateError("a " + type(value) + " cannot be sliced");
        }
        long stride = step instanceof None ? 1 : PythonNumbers.integer(step);
        if (stride == 0) {
            throw new TemplateError("the step of a slice cannot be zero");
        }
        long length = length(value);
        long from = bound(start, stride < 0 ? length - 1 : 0, length, stride);
        long to = bound(stop, stride < 0 ? -1 : length, length, stride);
        if (value instanceof String s) {
            return PythonStrings.slice(s, from, to, stride);
        }
        var list = (List<?>) value;
        var out = new ArrayList<Object>();
        for (long i = from; stride > 0 ? i < to : i > to; i += stride) {
            out.add(list.get((int) i));
        }
        return list instanceof Tuple ? new Tuple(out) : out;
    }

    private static long bound(Object given, long absent, long length, long stride) {
        if (given instanceof None) {
            return absent;
        }
        long place = PythonNumbers.integer(given);
        place = place < 0 ? place + length : place;
        return stride > 0 ? Math.clamp(place, 0, length) : Math.clamp(place, -1, length - 1);
    }

    /** {@code left operator right} for the arithmetic operators. */
    static Object arithmetic(String operator, Object left, Object right) {
        if (PythonNumbers.isNumber(left) && PythonNumbers.isNumber(right)) {
            return PythonNumbers.arithmetic(operator, left, right);
        }
        if (operator.equals("+") && left instanceof String a && right instanceof String b) {
            return a + b;
        }
        if (operator.equals("+") && left instanceof List<?> a && right instanceof List<?> b
                && a instanceof Tuple == b instanceof Tuple) {
            var sum = new ArrayList<Object>(a);
            sum.addAll(b);
            return a instanceof Tuple ? new Tuple(sum) : sum;
        }
        if (operator.equals("*") && PythonNumbers.isInteger(right)) {
            return repeated(left, PythonNumbers.integer(right));
        }
        if (operator.equals("*") && PythonNumbers.isInteger(left)) {
            return repeated(right, PythonNumbers.integer(left));
        }
        throw new TemplateError("a " + type(left) + " " + operator + " a " + type(right) + " means nothing");
    }

    private static Object repeated(Object value, long times) {
        int count = (int) Math.clamp(times, 0, 100_000);
        return switch (value) {
            case String s -> s.repeat(count);
            case List<?> list -> {
                var out = new ArrayList<Object>();
                for (int i = 0; i < count; i++) {
                    out.addAll(list);
                }
                yield out;
            }
            default -> throw new TemplateError("a " + type(value) + " cannot be repeated");
        };
    }

    /** A dict with the given items, in their order. */
    static Map<Object, Object> dict(List<Object> keys, List<Object> values) {
        var map = LinkedHashMap.<Object, Object>newLinkedHashMap(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            map.put(keys.get(i), values.get(i));
        }
        return map;
    }

    /** A new namespace with copies of the given fields. */
    static Namespace namespace(Map<String, Object> fields) {
        return new Namespace(new HashMap<>(fields));
    }
}
