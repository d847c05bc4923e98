package dev.attune.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods of Python's strings, dicts and lists that a chat template may call; none changes its receiver. */
final class PythonMethods {
    private static final Set<String> OF_STRINGS = Set.of("split", "rsplit", "strip", "lstrip", "rstrip", "startswith",
            "endswith", "replace", "upper", "lower", "title", "capitalize", "find", "rfind", "index", "count", "join",
            "splitlines", "isdigit", "isnumeric", "isalpha", "isalnum", "isspace", "isupper", "islower",
            "removeprefix", "removesuffix", "partition", "rpartition");
    private static final Set<String> OF_DICTS = Set.of("items", "keys", "values", "get", "copy");
    private static final Set<String> OF_LISTS = Set.of("index", "count", "copy");
    private static final Set<String> OF_LOOPS = Set.of("cycle", "changed");

    private PythonMethods() {}

    /** Whether any kind of value has a method of this name. */
    static boolean isKnown(String name) {
        return OF_STRINGS.contains(name) || OF_DICTS.contains(name) || OF_LISTS.contains(name)
                || OF_LOOPS.contains(name);
    }

    /** The method of a value, or null. */
    static Python.@Nullable Callable of(Object receiver, String name) {
        return switch (receiver) {
            case String s when OF_STRINGS.contains(name) -> arguments -> ofString(s, name, arguments);
            case Map<?, ?> map when OF_DICTS.contains(name) -> arguments -> ofDict(map, name, arguments);
            case List<?> list when OF_LISTS.contains(name) -> arguments -> ofList(list, name, arguments);
            default -> null;
        };
    }

    private static Object ofString(String s, String name, CallArguments a) {
        return switch (name) {
            case "split", "rsplit" -> {
                a.expect("sep", "maxsplit");
                long limit = a.integer(1, "maxsplit", -1);
                Object separator = a.get(0, "sep", Python.NONE);
                if (separator instanceof Python.None) {
                    yield name.equals("split") || limit < 0 ? PythonStrings.words(s, limit) : rightWords(s, limit);
                }
                yield PythonStrings.split(s, a.text(0, "sep"), limit, name.equals("rsplit"));
            }
            case "strip", "lstrip", "rstrip" -> stripped(s, name, a.expect("chars").get(0, "chars", Python.NONE));
            case "startswith" -> anyOf(a.expect("prefix").required(0, "prefix")).stream().anyMatch(s::startsWith);
            case "endswith" -> anyOf(a.expect("suffix").required(0, "suffix")).stream().anyMatch(s::endsWith);
            case "replace" -> PythonStrings.replace(s, a.expect("old", "new", "count").text(0, "old"),
                    a.text(1, "new"), a.integer(2, "count", -1));
            case "upper" -> PythonStrings.upper(s);
            case "lower" -> PythonStrings.lower(s);
            case "title" -> PythonStrings.titled(s);
            case "capitalize" -> PythonStrings.capitalized(s);
            case "find" -> place(s, s.indexOf(a.expect("sub").text(0, "sub")));
            case "rfind" -> place(s, s.lastIndexOf(a.expect("sub").text(0, "sub")));
            case "index" -> {
                long place = place(s, s.indexOf(a.expect("sub").text(0, "sub")));
                if (place < 0) {
                    throw new TemplateError("the substring was not found");
                }
                yield place;
            }
            case "count" -> count(s, a.expect("sub").text(0, "sub"));
            case "join" -> {
                var out = new ArrayList<String>();
                for (Object item : Python.items(a.expect("iterable").required(0, "iterable"))) {
                    if (!(item instanceof String part)) {
                        throw new TemplateError("join wants strings, not a " + Python.type(item));
                    }
                    out.add(part);
                }
                yield String.join(s, out);
            }
            case "splitlines" -> PythonStrings.lines(s, a.expect("keepends").flag(0, "keepends", false));
            case "isdigit", "isnumeric" -> !s.isEmpty() && s.codePoints().allMatch(Character::isDigit);
            case "isalpha" -> !s.isEmpty() && s.codePoints().allMatch(Character::isLetter);
            case "isalnum" -> !s.isEmpty() && s.codePoints().allMatch(Character::isLetterOrDigit);
            case "isspace" -> !s.isEmpty() && PythonStrings.isBlank(s, 0);
            case "isupper" -> s.codePoints().anyMatch(Character::isUpperCase) && s.equals(PythonStrings.upper(s));
            case "islower" -> s.codePoints().anyMatch(Character::isLowerCase) && s.equals(PythonStrings.lower(s));
            case "removeprefix" -> {
                String prefix = a.expect("prefix").text(0, "prefix");
                yield s.startsWith(prefix) ? s.substring(prefix.length()) : s;
            }
            case "removesuffix" -> {
                String suffix = a.expect("suffix").text(0, "suffix");
                yield s.endsWith(suffix) ? s.substring(0, s.length() - suffix.length()) : s;
            }
            case "partition", "rpartition" -> partition(s, a.expect("sep").text(0, "sep"), name.equals("rpartition"));
            default -> throw new TemplateError("the method '" + name + "' is not supported");
        };
    }

    private static Object stripped(String s, String name, Object characters) {
        boolean start = !name.equals("rstrip");
        boolean end = !name.equals("lstrip");
        if (characters instanceof String set) {
            return PythonStrings.strip(s, set, start, end);
        }
        String head = start ? PythonStrings.stripStart(s) : s;
        return end ? PythonStrings.stripEnd(head) : head;
    }

    private static List<Object> rightWords(String s, long limit) {
        var words = new ArrayList<Object>();
        String rest = PythonStrings.stripEnd(s);
        while (!rest.isEmpty() && words.size() < limit) {
            int start = rest.length();
            while (start > 0 && !PythonStrings.isSpace(rest.charAt(start - 1))) {
                start--;
            }
            words.add(rest.substring(start));
            rest = PythonStrings.stripEnd(rest.substring(0, start));
        }
        if (!PythonStrings.isBlank(rest, 0)) {
            words.add(rest);
        }
        return new ArrayList<>(words.reversed());
    }

    private static List<String> anyOf(Object given) {
        List<?> options = given instanceof Python.Tuple tuple ? tuple : List.of(given);
        var texts = new ArrayList<String>();
        for (Object option : options) {
            if (!(option instanceof String text)) {
                throw new TemplateError("startswith and endswith want a string, not a " + Python.type(option));
            }
            texts.add(text);
        }
        return texts;
    }

    private static long place(String s, int index) {
        return index < 0 ? -1 : s.codePointCount(0, index);
    }

    private static long count(String s, String part) {
        if (part.isEmpty()) {
            return Python.length(s) + 1;
        }
        long count = 0;
        for (int at = s.indexOf(part); at >= 0; at = s.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    private static Object partition(String s, String separator, boolean last) {
        int at = last ? s.lastIndexOf(separator) : s.indexOf(separator);
        if (at < 0) {
            return new Python.Tuple(last ? List.of("", "", s) : List.of(s, "", ""));
        }
        return new Python.Tuple(List.of(s.substring(0, at), separator, s.substring(at + separator.length())));
    }

    private static Object ofDict(Map<?, ?> map, String name, CallArguments a) {
        return switch (name) {
            case "items" -> pairs(map);
            case "keys" -> List.copyOf(map.keySet());
            case "values" -> List.copyOf(map.values());
            case "copy" -> new LinkedHashMap<Object, Object>(map);
            default -> {
                Object found = map.get(a.expect("key", "default").required(0, "key"));
                yield found != null ? found : a.get(1, "default", Python.NONE);
            }
        };
    }

    /** The items of a dict as pairs. */
    static List<Object> pairs(Map<?, ?> map) {
        var pairs = new ArrayList<Object>(map.size());
        map.forEach((key, item) -> pairs.add(new Python.Tuple(List.of(key, item))));
        return pairs;
    }

    private static Object ofList(List<?> list, String name, CallArguments a) {
        if (name.equals("copy")) {
            return new ArrayList<Object>(list);
        }
        Object wanted = a.expect("value").required(0, "value");
        long count = 0;
        for (int i = 0; i < list.size(); i++) {
            if (Python.equal(list.get(i), wanted)) {
                if (name.equals("index")) {
                    return (long) i;
                }
                count++;
            }
        }
        if (name.equals("index")) {
            throw new TemplateError("the item is not in the list");
        }
        return count;
    }
}
