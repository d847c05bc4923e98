package dev.attune.dataset.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code prompt} and {@code completion}, each a text or a list of messages; written as texts. */
final class PromptFormat implements ExampleReader, ExampleWriter {
    private static final String TITLE = TargetFormat.PROMPT_COMPLETION.title();

    @Override
    public @Nullable Example read(Map<String, Object> row, Trace trace) {
        var messages = new ArrayList<Map<String, Object>>(prompt(row, "prompt", trace));
        if (row.get("completion") instanceof List<?> list) {
            trace.mapped("completion, a list of messages", "the messages after those of prompt");
            messages.addAll(Messages.read(trace.take(row, "completion") == null ? null : list, "/completion", trace));
        } else {
            trace.mapped("completion", "role 'assistant'");
            messages.add(Messages.of("assistant", trace.text(row, "completion")));
        }
        return trace.failed() ? null : new Example.Supervised(messages, Messages.settings(row, trace));
    }

    /** What stands before the answer: a text that the user says, or a list of messages. */
    static List<Map<String, Object>> prompt(Map<String, Object> row, String key, Trace trace) {
        Object prompt = trace.take(row, key);
        if (prompt instanceof List<?>) {
            trace.mapped(key + ", a list of messages", "messages");
            return Messages.read(prompt, Trace.pointer("", key), trace);
        }
        trace.mapped(key, "role 'user'");
        return List.of(Messages.of("user", trace.text(row, key)));
    }

    @Override
    public @Nullable Map<String, Object> write(Example example, Trace trace) {
        Dialogue dialogue = Dialogue.single(example, TITLE, trace);
        if (dialogue == null) {
            return null;
        }
        var row = new LinkedHashMap<String, Object>();
        if (dialogue.system().isEmpty()) {
            trace.mapped("role 'user'", "prompt");
            row.put("prompt", dialogue.last().user());
        } else {
            trace.mapped("role 'system' and role 'user', joined by an empty line", "prompt");
            row.put("prompt", dialogue.system() + "\n\n" + dialogue.last().user());
        }
        trace.mapped("role 'assistant'", "completion");
        row.put("completion", dialogue.last().assistant());
        return row;
    }
}
