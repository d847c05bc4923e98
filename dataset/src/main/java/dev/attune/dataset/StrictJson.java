package dev.attune.dataset;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON as RFC 8259 has it, into maps, lists, strings, numbers, booleans and null; what Jackson lets pass is a fault here:
 * a key twice in one object, half a surrogate pair, digits of an escape that only look like digits, anything after the value. Faults that leave the text readable are
 * collected, all of them. Numbers become {@link Integer}, {@link Long}, {@link java.math.BigInteger} or
 * {@link java.math.BigDecimal}, so nothing is rounded. Thread-safe.
 */
final class StrictJson {
    /** Deeper nesting is refused. */
    static final int MAXIMUM_DEPTH = 200;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAXIMUM_DEPTH)
                    .maxStringLength(LineReader.MAXIMUM_LINE_BYTES)
                    .build())
            .build();

    /**
     * @param line line of the text, the first is 1
     * @param column the character of that line, the first is 1; 0 where it is not known
     */
    record Fault(String code, String pointer, String message, int line, int column) {}

    /** @param readable false where the text is no JSON at all; {@code value} is then null */
    record Parsed(boolean readable, @Nullable Object value, List<Fault> faults) {}

    /** Where Jackson found something, in words that say nothing to a reader of the message. */
    private static final Pattern PLACE = Pattern.compile(" \\(start marker at .*?\\]\\)");
    private static final Pattern PYTHON = Pattern.compile("Unrecognized token '(?:None|True|False|NaN)'");

    private final List<Fault> faults = new ArrayList<>();

    private StrictJson() {}

    static Parsed parse(String text) {
        var json = new StrictJson();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            Parsed parsed = json.parse(parser);
            int broken = parsed.readable() ? brokenEscape(text) : -1;
            if (broken < 0) {
                return parsed;
            }
            String before = text.substring(0, broken);
            json.faults.add(new Fault("invalid_json", "", "four hexadecimal digits must follow a \\u",
                    1 + (int) before.chars().filter(c -> c == '\n').count(), broken - before.lastIndexOf('\n')));
            return new Parsed(false, null, json.faults);
        }
    }

    /**
     * Where an escape has characters for digits of which Jackson reads only the low byte, so that U+2037 passes for a 7; -1
     * where there is none.
     */
    private static int brokenEscape(String text) {
        for (int at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at + 2)) {
            if (text.startsWith("u", at + 1)
                    && text.substring(at + 2, Math.min(text.length(), at + 6)).chars().anyMatch(c -> c > 0x7F)) {
                return at;
            }
        }
        return -1;
    }

    private Parsed parse(JsonParser parser) {
        try {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return broken("invalid_json", "", "there is nothing here", parser.currentTokenLocation());
            }
            Object value = value(parser, first);
            if (parser.nextToken() != null) {
                return broken("invalid_json", "",
                        "something follows the end of the JSON value; write one object per line",
                        parser.currentTokenLocation());
            }
            return new Parsed(true, value, faults);
        } catch (StreamConstraintsException e) {
            boolean depth = parser.streamReadContext().getNestingDepth() >= MAXIMUM_DEPTH;
            return broken(depth ? "nesting_too_deep" : "invalid_json", "",
                    depth ? "the JSON is nested deeper than " + MAXIMUM_DEPTH + " levels" : reason(e), e.getLocation());
        } catch (JacksonException e) {
            return broken("invalid_json", parser.streamReadContext().pathAsPointer().toString(), reason(e),
                    e.getLocation());
        }
    }

    private Parsed broken(String code, String pointer, String message, @Nullable TokenStreamLocation at) {
        fault(code, pointer, message, at);
        return new Parsed(false, null, faults);
    }

    private void fault(String code, String pointer, String message, @Nullable TokenStreamLocation at) {
        faults.add(new Fault(code, pointer, message, at == null ? 1 : Math.max(1, at.getLineNr()),
                at == null ? 0 : Math.max(0, at.getColumnNr())));
    }

    private @Nullable Object value(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> whole(parser, parser.getString());
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private Map<String, @Nullable Object> object(JsonParser parser) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = whole(parser, parser.currentName());
            boolean twice = map.containsKey(name);
            TokenStreamLocation at = twice ? parser.currentTokenLocation() : null;
            String pointer = twice ? parser.streamReadContext().pathAsPointer().toString() : "";
            Object value = value(parser, parser.nextToken());
            map.put(name, value);
            if (twice) {
                fault("duplicate_key", pointer, "the key '" + name + "' stands twice in one object; keep one of them",
                        at);
            }
        }
        return map;
    }

    private List<@Nullable Object> array(JsonParser parser) {
        var list = new ArrayList<@Nullable Object>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            list.add(value(parser, token));
        }
        return list;
    }

    private String whole(JsonParser parser, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            fault("lone_surrogate", parser.streamReadContext().pathAsPointer().toString(),
                    "the text holds half a surrogate pair (\\u%04x), which is no character; write the whole character"
                            .formatted((int) c),
                    parser.currentTokenLocation());
            break;
        }
        return text;
    }

    private static String reason(JacksonException e) {
        String message = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("it cannot be parsed");
        if (message.startsWith("Unexpected character (''' ")) {
            return "single quotes stand where JSON has double quotes; write it with a JSON library, in Python with json.dumps";
        }
        if (message.startsWith("Illegal character ((CTRL-CHAR")
                || message.startsWith("Illegal unquoted character ((CTRL-CHAR")) {
            String code = message.replaceFirst("(?s)^.*?code (\\d+).*$", "$1");
            return "a control character (U+%04X) stands there; write it in a text as \\u%04x, or leave it out"
                    .formatted(Integer.parseInt(code), Integer.parseInt(code));
        }
        if (PYTHON.matcher(message).lookingAt()) {
            return "None, True, False and NaN are Python, where JSON has null, true and false; write it with json.dumps";
        }
        return PLACE.matcher(message).replaceAll("");
    }
}
