package dev.attune.dataset.quality;

import dev.attune.dataset.Problem;
import dev.attune.dataset.Severity;
import dev.attune.dataset.quality.JsonSpan.Member;
import dev.attune.dataset.quality.JsonSpan.Sequence;
import dev.attune.dataset.quality.JsonSpan.Structure;
import dev.attune.dataset.quality.JsonSpan.Text;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Mends what the reader finds wrong with the keys of a row: keys that do not belong there, functions in the old form,
 * arguments that are objects. It acts on the reader's own problems, so the two cannot disagree on the rules.
 */
final class StructureRepair {
    static final CheckKind UNKNOWN_KEY = CheckKind.warning("example_unrecognized_key",
            "a key that training does not use",
            "remove it",
            "OpenAI refuses rows with keys other than messages, tools and parallel_tool_calls. Keep what you need to find a row again in a file of your own.")
            .fixed(Repair.SAFE);
    static final CheckKind ARGUMENTS = error("invalid_tool_arguments", "tool arguments that are an object",
            "write them as a text of JSON",
            "The protocol carries the arguments of a call as a text of JSON, not as an object. Arguments that are a text but no JSON have to be mended by hand.");
    static final CheckKind FUNCTION_CALL = error("deprecated_function_call", "a call in the old form",
            "write 'tool_calls' with an id for each call",
            "function_call was replaced by tool_calls, and its answer with the role function by a message with the role tool that names the call.");
    static final CheckKind FUNCTIONS = error("deprecated_functions", "functions in the old form",
            "write 'tools'",
            "functions was replaced by tools, where each function stands in an object with the type function.");
    static final List<CheckKind> KINDS = List.of(UNKNOWN_KEY, ARGUMENTS, FUNCTION_CALL, FUNCTIONS);

    private final Set<String> codes;

    StructureRepair(Set<String> codes) {
        this.codes = codes;
    }

    private static CheckKind error(String code, String title, String advice, String explanation) {
        return new CheckKind(code, Severity.ERROR, title, advice, explanation, Repair.SAFE);
    }

    /** The line with all chosen problems mended that can be mended. */
    String repaired(int number, String line, List<Problem> problems, ChangeLog log) {
        Set<String> keys = pointers(problems, UNKNOWN_KEY);
        Set<String> calls = pointers(problems, FUNCTION_CALL);
        Set<String> arguments = pointers(problems, ARGUMENTS);
        boolean functions = !pointers(problems, FUNCTIONS).isEmpty();
        Optional<JsonSpan> parsed = keys.isEmpty() && calls.isEmpty() && arguments.isEmpty() && !functions
                ? Optional.empty()
                : JsonSpan.parse(line);
        if (parsed.isEmpty() || !(parsed.get() instanceof Structure row)) {
            return line;
        }
        var edit = new LineEdit(line);
        removeKeys(number, row, keys, edit, log);
        if (functions) {
            functions(number, row, edit, log);
        }
        for (String pointer : calls) {
            call(number, row, pointer, line, edit, log);
        }
        for (String pointer : arguments) {
            row.at(pointer).filter(Structure.class::isInstance).ifPresent(value -> {
                edit.replace(value.start(), value.end(), edit.quote(edit.raw(value)));
                log.changed(ARGUMENTS.code(), number, pointer, edit.raw(value), edit.quote(edit.raw(value)));
            });
        }
        return edit.result();
    }

    private Set<String> pointers(List<Problem> problems, CheckKind kind) {
        return codes.contains(kind.code())
                ? problems.stream().filter(problem -> problem.code().equals(kind.code())).map(Problem::pointer)
                        .collect(Collectors.toSet())
                : Set.of();
    }

    private static void removeKeys(int number, Structure row, Set<String> pointers, LineEdit edit, ChangeLog log) {
        int keptUpTo = -1;
        int removeFrom = -1;
        for (Member member : row.members()) {
            String pointer = "/" + member.key().value().replace("~", "~0").replace("/", "~1");
            if (pointers.contains(pointer)) {
                log.removed(UNKNOWN_KEY.code(), number, pointer, edit.raw(member.value()));
                removeFrom = removeFrom < 0 ? keptUpTo < 0 ? member.key().start() : keptUpTo : removeFrom;
                continue;
            }
            if (removeFrom >= 0) {
                edit.replace(removeFrom, member.key().start(), keptUpTo < 0 ? "" : ",");
            }
            keptUpTo = member.value().end();
            removeFrom = -1;
        }
        if (removeFrom >= 0 && keptUpTo >= 0) {
            edit.replace(removeFrom, row.members().getLast().value().end(), "");
        }
    }

    private static void functions(int number, Structure row, LineEdit edit, ChangeLog log) {
        Member old = row.members().stream().filter(member -> member.key().value().equals("functions")).findFirst()
                .orElseThrow();
        if (row.get("tools").isPresent() || !(old.value() instanceof Sequence list)) {
            return;
        }
        String tools = list.elements().stream()
                .map(function -> "{\"type\":\"function\",\"function\":" + edit.raw(function) + "}")
                .collect(Collectors.joining(",", "[", "]"));
        edit.replace(old.key().start(), old.key().end(), "\"tools\"");
        edit.replace(old.value().start(), old.value().end(), tools);
        log.changed(FUNCTIONS.code(), number, "/functions", "\"functions\":" + edit.raw(list), "\"tools\":" + tools);
    }

    /** A call in the old form, and the answer to it in the message that follows. */
    private static void call(int number, Structure row, String pointer, String line, LineEdit edit, ChangeLog log) {
        String message = pointer.substring(0, pointer.lastIndexOf('/'));
        int index = Integer.parseInt(message.substring(message.lastIndexOf('/') + 1));
        Optional<Structure> caller = row.at(message).filter(Structure.class::isInstance).map(Structure.class::cast);
        if (caller.isEmpty() || caller.get().get("tool_calls").isPresent()) {
            return;
        }
        Member old = caller.get().members().stream().filter(member -> member.key().value().equals("function_call"))
                .findFirst().orElseThrow();
        if (!(old.value() instanceof Structure)) {
            return;
        }
        String id = "call_" + index;
        while (line.contains("\"" + id + "\"")) {
            id += "x";
        }
        String calls = "[{\"id\":\"" + id + "\",\"type\":\"function\",\"function\":" + edit.raw(old.value()) + "}]";
        edit.replace(old.key().start(), old.key().end(), "\"tool_calls\"");
        edit.replace(old.value().start(), old.value().end(), calls);
        log.changed(FUNCTION_CALL.code(), number, pointer, "\"function_call\":" + edit.raw(old.value()),
                "\"tool_calls\":" + calls);
        Optional<JsonSpan> role = row.at("/messages/" + (index + 1) + "/role");
        if (role.isPresent() && role.get() instanceof Text text && text.value().equals("function")) {
            String reply = "\"tool\",\"tool_call_id\":\"" + id + "\"";
            edit.replace(text.start(), text.end(), reply);
            log.changed(FUNCTION_CALL.code(), number, "/messages/" + (index + 1) + "/role", "\"function\"", reply);
        }
    }
}
