package dev.attune.text;

import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The functions that every chat template can call. */
final class TemplateFunctions {
    static final Set<String> NAMES = Set.of("range", "dict", "namespace", "raise_exception", "strftime_now");
    /** As many items as Jinja's sandbox allows a range. */
    private static final int LONGEST_RANGE = 100_000;

    private TemplateFunctions() {}

    static Object call(String name, CallArguments a, Clock clock) {
        return switch (name) {
            case "range" -> range(a);
            case "dict" -> new LinkedHashMap<Object, Object>(fields(a));
            case "namespace" -> Python.namespace(fields(a));
            case "raise_exception" ->
                throw TemplateError.raised(Python.text(a.expect("message").required(0, "message")));
            case "strftime_now" -> formatted(LocalDateTime.now(clock), a.expect("format").text(0, "format"));
            default -> throw new TemplateError("the function '" + name + "' is not known");
        };
    }

    private static Map<String, Object> fields(CallArguments a) {
        var fields = new LinkedHashMap<String, Object>();
        for (Object given : a.positional()) {
            if (given instanceof Map<?, ?> map) {
                map.forEach((key, item) -> fields.put(Python.text(key), item));
            } else {
                throw new TemplateError("'" + a.callee() + "' wants a dict or named values");
            }
        }
        fields.putAll(a.named());
        return fields;
    }

    private static List<Object> range(CallArguments a) {
        a.expect("start", "stop", "step");
        boolean one = a.positional().size() == 1;
        long start = one ? 0 : a.integer(0, "start", 0);
        long stop = one ? a.integer(0, "stop", 0) : PythonNumbers.integer(a.required(1, "stop"));
        long step = a.integer(2, "step", 1);
        if (step == 0) {
            throw new TemplateError("the step of a range cannot be zero");
        }
        var items = new ArrayList<Object>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
            if (items.size() == LONGEST_RANGE) {
                throw new TemplateError("a range of more than " + LONGEST_RANGE + " items");
            }
            items.add(i);
        }
        return items;
    }

    /** {@code datetime.strftime} for the codes that templates use, in English as the C locale has it. */
    private static String formatted(LocalDateTime time, String format) {
        var out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.append(c);
                continue;
            }
            boolean unpadded = format.charAt(i + 1) == '-' && i + 2 < format.length();
            i += unpadded ? 2 : 1;
            String pattern = switch (format.charAt(i)) {
                case 'Y' -> "uuuu";
                case 'y' -> "uu";
                case 'm' -> unpadded ? "M" : "MM";
                case 'd' -> unpadded ? "d" : "dd";
                case 'e' -> "ppd";
                case 'H' -> unpadded ? "H" : "HH";
                case 'I' -> unpadded ? "h" : "hh";
                case 'M' -> unpadded ? "m" : "mm";
                case 'S' -> unpadded ? "s" : "ss";
                case 'f' -> "SSSSSS";
                case 'j' -> unpadded ? "D" : "DDD";
                case 'p' -> "a";
                case 'b', 'h' -> "MMM";
                case 'B' -> "MMMM";
                case 'a' -> "EEE";
                case 'A' -> "EEEE";
                case 'F' -> "uuuu-MM-dd";
                case 'T' -> "HH:mm:ss";
                case 'D' -> "MM/dd/uu";
                case '%' -> "'%'";
                default -> throw new TemplateError("strftime_now does not know %" + format.charAt(i));
            };
            out.append(time.format(DateTimeFormatter.ofPattern(pattern, Locale.US)));
        }
        return out.toString();
    }
}
