package dev.attune.text;

import dev.attune.text.Expression.Arguments;
import dev.attune.text.Expression.Literal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What may follow {@code |} in a chat template. */
final class TemplateFilters {
    private static final Set<String> NAMES = Set.of("abs", "attr", "batch", "capitalize", "count", "d", "default",
            "dictsort", "first", "float", "indent", "int", "items", "join", "last", "length", "list", "lower", "map",
            "max", "min", "reject", "rejectattr", "replace", "reverse", "round", "safe", "select", "selectattr", "sort",
            "string", "sum", "title", "tojson", "trim", "unique", "upper", "wordcount");
    private static final Pattern WORD_STARTS = Pattern.compile("(?<=[-\\s({\\[<])(?=[^-\\s({\\[<])");
    private static final Pattern WORDS = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);

    private TemplateFilters() {}

    /** Refuses, while the template is read, a filter that is not known or that is handed the name of such a one. */
    static void check(String name, Arguments arguments, int line) {
        if (!NAMES.contains(name)) {
            throw new TemplateError("the filter '" + name + "' is not supported", line);
        }
        int place = switch (name) {
            case "map", "select", "reject" -> 0;
            case "selectattr", "rejectattr" -> 1;
            default -> Integer.MAX_VALUE;
        };
        if (place < arguments.positional().size()
                && arguments.positional().get(place) instanceof Literal(String inner)) {
            if (name.equals("map") ? !NAMES.contains(inner) : !TemplateTests.isKnown(inner)) {
                throw new TemplateError("the " + (name.equals("map") ? "filter" : "test") + " '" + inner
                        + "' is not supported", line);
            }
        }
    }

    static Object apply(String name, Object input, CallArguments a) {
        return switch (name) {
            case "abs" -> PythonNumbers.absolute(input);
            case "attr" -> Python.attribute(input instanceof Map ? Map.of() : input, a.expect("name").text(0, "name"));
            case "capitalize" -> PythonStrings.capitalized(Python.text(input));
            case "default", "d" -> {
                boolean absent = input instanceof Python.Undefined
                        || (a.expect("default_value", "boolean").flag(1, "boolean", false) && !Python.truth(input));
                yield absent ? a.get(0, "default_value", "") : input;
            }
            case "first" -> Python.items(input).stream().findFirst().orElseGet(
                    () -> new Python.Undefined("the first of nothing"));
            case "last" -> {
                var items = Python.items(input);
                yield items.isEmpty() ? new Python.Undefined("the last of nothing") : items.getLast();
            }
            case "float" -> number(input, a.expect("default").get(0, "default", 0.0));
            case "int" -> integer(input, a.expect("default", "base"));
            case "indent" -> indented(string(name, input), a.expect("width", "first", "blank"));
            case "items" -> switch (input) {
                case Python.Undefined _ -> generator(List.of());
                case Map<?, ?> map -> generator(PythonMethods.pairs(map));
                default -> throw new TemplateError("the filter 'items' wants a dict, not a " + Python.type(input));
            };
            case "length", "count" -> Python.length(input);
            case "list" -> new ArrayList<>(Python.items(input));
            case "lower" -> PythonStrings.lower(Python.text(input));
            case "upper" -> PythonStrings.upper(Python.text(input));
            case "replace" -> PythonStrings.replace(Python.text(input), Python.text(a.expect("old", "new", "count")
                    .required(0, "old")), Python.text(a.required(1, "new")),
                    a.get(2, "count", Python.NONE) instanceof Long n ? n : -1);
            case "reverse" -> input instanceof String s
                    ? new StringBuilder(s).reverse().toString()
                    : generator(Python.items(input).reversed());
            case "round" -> PythonNumbers.rounded(input, (int) a.expect("precision", "method")
                    .integer(0, "precision", 0), a.text(1, "method", "common"));
            case "safe" -> input;
            case "string" -> Python.text(input);
            case "title" -> titled(Python.text(input));
            case "tojson" -> PythonJson.dumps(input, a);
            case "trim" -> a.expect("chars").get(0, "chars", Python.NONE) instanceof String chars
                    ? PythonStrings.strip(Python.text(input), chars, true, true)
                    : PythonStrings.strip(Python.text(input));
            case "wordcount" -> WORDS.matcher(Python.text(input)).results().count();
            default -> overItems(name, input, a);
        };
    }

    private static Object overItems(String name, Object input, CallArguments a) {
        return switch (name) {
            case "batch" -> batches(Python.items(input), a.expect("linecount", "fill_with"));
            case "dictsort" -> dictSorted(input, a.expect("case_sensitive", "by", "reverse"));
            case "join" -> joined(Python.items(input), a.expect("d", "attribute"));
            case "map" -> mapped(present(input), a);
            case "max", "min" -> {
                a.expect("case_sensitive", "attribute");
                Comparator<Object> order = order(a.flag(0, "case_sensitive", false),
                        a.get(1, "attribute", Python.NONE));
                var items = Python.items(input).stream();
                yield (name.equals("max") ? items.max(order) : items.min(order)).orElseGet(
                        () -> new Python.Undefined("the " + name + " of nothing"));
            }
            case "select", "reject" -> filtered(input, name.equals("select"), item -> tested(item, a, 0));
            case "selectattr", "rejectattr" -> filtered(input, name.equals("selectattr"),
                    item -> tested(reached(item, a.required(0, "attribute")), a, 1));
            case "sort" -> {
                a.expect("reverse", "case_sensitive", "attribute");
                Comparator<Object> order = order(a.flag(1, "case_sensitive", false),
                        a.get(2, "attribute", Python.NONE));
                var sorted = new ArrayList<>(Python.items(input));
                sorted.sort(a.flag(0, "reverse", false) ? order.reversed() : order);
                yield sorted;
            }
            case "sum" -> {
                a.expect("attribute", "start");
                Object sum = a.get(1, "start", 0L);
                for (Object item : Python.items(input)) {
                    sum = Python.arithmetic("+", sum, reached(item, a.get(0, "attribute", Python.NONE)));
                }
                yield sum;
            }
            case "unique" -> {
                a.expect("case_sensitive", "attribute");
                boolean caseSensitive = a.flag(0, "case_sensitive", false);
                var seen = new ArrayList<Object>();
                var unique = new ArrayList<Object>();
                for (Object item : Python.items(input)) {
                    Object key = key(reached(item, a.get(1, "attribute", Python.NONE)), caseSensitive);
                    if (seen.stream().noneMatch(earlier -> Python.equal(earlier, key))) {
                        seen.add(key);
                        unique.add(item);
                    }
                }
                yield generator(unique);
            }
            default -> throw new TemplateError("the filter '" + name + "' is not supported");
        };
    }

    /** The items; none of anything false, which {@code map} and {@code select} do not even look into. */
    private static List<Object> present(Object input) {
        return Python.truth(input) ? Python.items(input) : List.of();
    }

    private static Object generator(List<Object> items) {
        return new Python.Generator(items.iterator());
    }

    private static Object number(Object input, Object absent) {
        refuseUndefined(input);
        try {
            return input instanceof String s
                    ? (Object) Double.parseDouble(PythonStrings.strip(s))
                    : PythonNumbers.real(input);
        } catch (NumberFormatException | TemplateError e) {
            return absent;
        }
    }

    private static void refuseUndefined(Object input) {
        if (input instanceof Python.Undefined) {
            throw new TemplateError("a number is wanted, not a " + Python.type(input));
        }
    }

    private static Object integer(Object input, CallArguments a) {
        refuseUndefined(input);
        Object absent = a.get(0, "default", 0L);
        if (input instanceof String s) {
            try {
                return Long.parseLong(PythonStrings.strip(s).replace("_", ""), (int) a.integer(1, "base", 10));
            } catch (NumberFormatException e) {
                Object real = number(s, absent);
                return real instanceof Double d && !d.isNaN() && !d.isInfinite() ? d.longValue() : absent;
            }
        }
        return input instanceof Double d && !d.isNaN()
                ? (Object) d.longValue()
                : PythonNumbers.isNumber(input) ? PythonNumbers.integer(input) : absent;
    }

    private static String string(String filter, Object input) {
        if (input instanceof String text) {
            return text;
        }
        throw new TemplateError("the filter '" + filter + "' wants a string, not a " + Python.type(input));
    }

    private static String indented(String text, CallArguments a) {
        Object width = a.get(0, "width", 4L);
        String margin = width instanceof String s ? s : " ".repeat((int) PythonNumbers.integer(width));
        boolean blank = a.flag(2, "blank", false);
        var out = new StringBuilder(a.flag(1, "first", false) ? margin : "");
        var lines = PythonStrings.lines(text + "\n", false);
        for (int i = 0; i < lines.size(); i++) {
            String line = Python.text(lines.get(i));
            out.append(i == 0 ? "" : "\n").append(i > 0 && (blank || !line.isEmpty()) ? margin : "").append(line);
        }
        return out.toString();
    }

    private static String titled(String text) {
        var out = new StringBuilder();
        for (String word : WORD_STARTS.split(text)) {
            int end = word.isEmpty() ? 0 : Character.charCount(word.codePointAt(0));
            out.append(PythonStrings.upper(word.substring(0, end))).append(PythonStrings.lower(word.substring(end)));
        }
        return out.toString();
    }

    private static Object batches(List<Object> items, CallArguments a) {
        int size = (int) PythonNumbers.integer(a.required(0, "linecount"));
        Object fill = a.get(1, "fill_with", Python.NONE);
        var batches = new ArrayList<Object>();
        for (int at = 0; at < items.size(); at += size) {
            var batch = new ArrayList<>(items.subList(at, Math.min(at + size, items.size())));
            while (!(fill instanceof Python.None) && batch.size() < size) {
                batch.add(fill);
            }
            batches.add(batch);
        }
        return generator(batches);
    }

    private static Object dictSorted(Object input, CallArguments a) {
        if (!(input instanceof Map<?, ?> map)) {
            throw new TemplateError("the filter 'dictsort' wants a dict, not a " + Python.type(input));
        }
        long place = switch (a.text(1, "by", "key")) {
            case "key" -> 0;
            case "value" -> 1;
            default -> throw new TemplateError("dictsort sorts by 'key' or 'value'");
        };
        Comparator<Object> order = order(a.flag(0, "case_sensitive", false), place);
        var pairs = PythonMethods.pairs(map);
        pairs.sort(a.flag(2, "reverse", false) ? order.reversed() : order);
        return pairs;
    }

    private static String joined(List<Object> items, CallArguments a) {
        String separator = Python.text(a.get(0, "d", ""));
        var out = new ArrayList<String>();
        items.forEach(item -> out.add(Python.text(reached(item, a.get(1, "attribute", Python.NONE)))));
        return String.join(separator, out);
    }

    private static Object mapped(List<Object> items, CallArguments a) {
        var out = new ArrayList<Object>();
        if (a.positional().isEmpty()) {
            Object attribute = a.expect("attribute", "default").required(0, "attribute");
            Object absent = a.get(1, "default", Python.NONE);
            items.forEach(item -> out.add(reached(item, attribute, absent)));
        } else {
            String filter = a.text(0, "filter");
            var rest = new CallArguments(filter, a.positional().subList(1, a.positional().size()), a.named());
            items.forEach(item -> out.add(apply(filter, item, rest)));
        }
        return generator(out);
    }

    private static Object filtered(Object input, boolean keep, Predicate<Object> condition) {
        return generator(present(input).stream().filter(item -> condition.test(item) == keep).toList());
    }

    private static boolean tested(Object value, CallArguments a, int place) {
        if (place >= a.positional().size()) {
            return Python.truth(value);
        }
        String test = a.text(place, "test");
        return TemplateTests.holds(test, value, new CallArguments(test, a.positional().subList(place + 1,
                a.positional().size()), a.named()));
    }

    /** The value that a dotted attribute path leads to; the path none leads to the item itself. */
    private static Object reached(Object item, Object path) {
        return reached(item, path, Python.NONE);
    }

    private static Object reached(Object item, Object path, Object absent) {
        if (path instanceof Long) {
            return orElse(Python.item(item, path), absent);
        }
        if (!(path instanceof String text)) {
            return item;
        }
        Object value = item;
        for (String part : text.split("\\.", -1)) {
            boolean place = !part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9');
            value = orElse(Python.item(value, place ? (Object) Long.parseLong(part) : part), absent);
        }
        return value;
    }

    private static Object orElse(Object value, Object absent) {
        return value instanceof Python.Undefined && !(absent instanceof Python.None) ? absent : value;
    }

    private static Comparator<Object> order(boolean caseSensitive, Object attribute) {
        return (a, b) -> Python.compare(key(reached(a, attribute), caseSensitive), key(reached(b, attribute),
                caseSensitive));
    }

    private static Object key(Object value, boolean caseSensitive) {
        return value instanceof String s && !caseSensitive ? PythonStrings.lower(s) : value;
    }
}
