package dev.attune.server.chat;

import dev.attune.server.protocol.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads calls of tools out of a growing text, in the forms that models write:
 * <ul>
 * <li>{@code <tool_call>{"name": …, "arguments": {…}}</tool_call>} (Hermes, Qwen, attune-nano),
 * <li>{@code [TOOL_CALLS] [{"name": …, "arguments": {…}}, …]} and {@code [TOOL_CALLS]name[ARGS]{…}} (Mistral),
 * <li>a lone {@code {"name": …, "parameters": {…}}}, also after {@code <|python_tag|>} (Llama 3.1).
 * </ul>
 * Arguments are given on while they grow. What begins like a call and is none is text. Blanks around calls are left out.
 * Not thread-safe.
 */
final class ToolCallReader {
    private static final String OPEN = "<tool_call>";
    private static final String CLOSE = "</tool_call>";
    private static final String LIST = "[TOOL_CALLS]";
    private static final String PYTHON = "<|python_tag|>";
    private static final List<String> MARKS = List.of(OPEN, LIST, PYTHON);
    /** Special tokens that a text with calls is written with. */
    static final Set<String> TOKENS = Set.of(OPEN, CLOSE, LIST, PYTHON, "[ARGS]", "[CALL_ID]");

    private static final Pattern HEAD = Pattern.compile("[\\s\\[,;]*\\{\\s*(?:\"type\"\\s*:\\s*\"function\"\\s*,\\s*)?"
            + "(?:\"id\"\\s*:\\s*\"[^\"]*\"\\s*,\\s*)?\"name\"\\s*:\\s*(\"(?:[^\"\\\\]|\\\\.)*+\")\\s*,\\s*"
            + "\"(?:arguments|parameters)\"\\s*:\\s*(?=\\S)");
    private static final Pattern NAMED = Pattern
            .compile("\\s*([A-Za-z0-9_.-]+)(?:\\[CALL_ID\\]\\w+)?(?:\\[ARGS\\])?\\s*(?=\\{)");
    private static final int LONGEST_HEAD = 512;

    private enum At {
        START, TEXT, HEAD, ARGUMENTS, TAIL, BETWEEN
    }

    private final boolean bare;
    private final Set<String> names;
    private final StringBuilder held = new StringBuilder();
    private final List<ReplyPart> parts = new ArrayList<>();
    private At at = At.START;
    private String mark = "";
    private int calls;
    private JsonSpan arguments = new JsonSpan();

    /**
     * @param bare whether a lone JSON object can be a call
     * @param names the tools on offer; a lone object that names another is text
     */
    ToolCallReader(boolean bare, Set<String> names) {
        this.bare = bare;
        this.names = Set.copyOf(names);
    }

    /** Takes more text and gives what is certain now. */
    List<ReplyPart> append(String text) {
        held.append(text);
        return drain(false);
    }

    /** What was held back, where no more is to come. */
    List<ReplyPart> finish() {
        return drain(true);
    }

    /** How many calls have begun. */
    int calls() {
        return calls;
    }

    private List<ReplyPart> drain(boolean last) {
        parts.clear();
        boolean moved = true;
        while (moved && !held.isEmpty()) {
            moved = switch (at) {
                case START -> start(last);
                case TEXT -> text(last);
                case HEAD -> head(last);
                case ARGUMENTS -> arguments(last);
                case TAIL -> tail();
                case BETWEEN -> between();
            };
        }
        return List.copyOf(parts);
    }

    private boolean start(boolean last) {
        int first = firstVisible(0);
        if (first == held.length() && !last) {
            return false;
        }
        if (bare && first < held.length() && held.charAt(first) == '{') {
            mark = "";
            at = At.HEAD;
        } else {
            at = At.TEXT;
        }
        return true;
    }

    /** Gives text on up to a mark, or to where one may be beginning. */
    private boolean text(boolean last) {
        int found = Integer.MAX_VALUE;
        for (String each : MARKS) {
            int place = held.indexOf(each);
            if (place >= 0 && place < found) {
                found = place;
                mark = each;
            }
        }
        if (found < Integer.MAX_VALUE) {
            say(held.substring(0, found).stripTrailing());
            held.delete(0, found + mark.length());
            at = At.HEAD;
            return true;
        }
        int certain = last ? held.length() : certain();
        if (certain == 0) {
            return false;
        }
        String text = held.substring(0, certain);
        say(last && calls > 0 ? text.stripTrailing() : text);
        held.delete(0, certain);
        return false;
    }

    /** How much of the held text is neither blank at the end nor the beginning of a mark. */
    private int certain() {
        int certain = held.length();
        for (String each : MARKS) {
            for (int length = Math.min(each.length() - 1, held.length()); length > 0; length--) {
                if (each.startsWith(held.substring(held.length() - length))) {
                    certain = Math.min(certain, held.length() - length);
                    break;
                }
            }
        }
        while (certain > 0 && Character.isWhitespace(held.charAt(certain - 1))) {
            certain--;
        }
        return certain;
    }

    private boolean head(boolean last) {
        Matcher head = HEAD.matcher(held);
        if (head.lookingAt() && known(name(head.group(1)))) {
            return begin(name(head.group(1)), head.end());
        }
        Matcher named = NAMED.matcher(held);
        if (mark.equals(LIST) && named.lookingAt()) {
            return begin(named.group(1), named.end());
        }
        int close = mark.equals(OPEN) ? held.indexOf(CLOSE) : -1;
        if (close >= 0 || last || mark.isEmpty() && held.length() > LONGEST_HEAD) {
            return unusual(close);
        }
        return false;
    }

    private boolean begin(String name, int end) {
        parts.add(new ReplyPart.Call(calls++, name));
        held.delete(0, end);
        arguments = new JsonSpan();
        at = At.ARGUMENTS;
        return true;
    }

    /** A call whose keys are in another order, or no call at all: then it is text. */
    private boolean unusual(int close) {
        String body = close >= 0 ? held.substring(0, close) : held.toString();
        held.delete(0, close >= 0 ? close + CLOSE.length() : held.length());
        at = At.TEXT;
        JsonNode call;
        try {
            call = Json.tree(body.strip());
        } catch (JacksonException e) {
            call = Json.object();
        }
        JsonNode given = call.has("arguments") ? call.path("arguments") : call.path("parameters");
        if (call.path("name").isString() && known(call.path("name").stringValue())) {
            parts.add(new ReplyPart.Call(calls, call.path("name").stringValue()));
            parts.add(new ReplyPart.Arguments(calls++, given.isString()
                    ? given.stringValue()
                    : given.isObject() ? given.toString() : "{}"));
        } else {
            say(mark + body + (close >= 0 ? CLOSE : ""));
        }
        return true;
    }

    private boolean arguments(boolean last) {
        int end = arguments.scan(held);
        if (arguments.isObject()) {
            tell(held.substring(0, end));
        } else if (arguments.isWhole() || last) {
            tell(arguments.isString() ? unquoted(held.substring(0, end)) : "{}");
        } else {
            arguments = new JsonSpan();
            return false;
        }
        held.delete(0, end);
        if (arguments.isWhole()) {
            at = At.TAIL;
            return true;
        }
        return false;
    }

    /** Reads over the end of a call. */
    private boolean tail() {
        if (mark.equals(OPEN)) {
            int close = held.indexOf(CLOSE);
            int next = held.indexOf(OPEN);
            if (close < 0 && next < 0) {
                return false;
            }
            held.delete(0, close >= 0 && (next < 0 || close < next) ? close + CLOSE.length() : next);
            at = At.TEXT;
            skipBlanks();
            return true;
        }
        if (mark.equals(LIST) && firstVisible(0) < held.length() && held.charAt(firstVisible(0)) == '[') {
            at = At.TEXT;
            return true;
        }
        int close = held.indexOf("}");
        if (close < 0) {
            return false;
        }
        held.delete(0, close + 1);
        at = At.BETWEEN;
        return true;
    }

    private boolean between() {
        int first = firstVisible(0);
        if (first == held.length()) {
            return false;
        }
        char next = held.charAt(first);
        boolean more = next == ',' || next == ';' || next == '{';
        held.delete(0, next == ']' ? first + 1 : first);
        at = more ? At.HEAD : At.TEXT;
        return true;
    }

    private void say(String text) {
        if (!text.isEmpty()) {
            parts.add(new ReplyPart.Text(text));
        }
    }

    private void tell(String text) {
        if (!text.isEmpty()) {
            parts.add(new ReplyPart.Arguments(calls - 1, text));
        }
    }

    private boolean known(String name) {
        return !name.isEmpty() && (!mark.isEmpty() || names.contains(name));
    }

    private void skipBlanks() {
        held.delete(0, firstVisible(0));
    }

    private int firstVisible(int from) {
        int first = from;
        while (first < held.length() && Character.isWhitespace(held.charAt(first))) {
            first++;
        }
        return first;
    }

    private static String name(String quoted) {
        return unquoted(quoted);
    }

    private static String unquoted(String json) {
        try {
            return Json.tree(json).asString("");
        } catch (JacksonException e) {
            return "";
        }
    }
}
