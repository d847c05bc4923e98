package dev.attune.dataset.format;

import dev.attune.dataset.LegacyFunctions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** OpenAI's chat format. */
final class ChatFormat implements ExampleReader, ExampleWriter {
    @Override
    public @Nullable Example read(Map<String, Object> row, Trace trace) {
        Map<String, Object> modern = LegacyFunctions.modern(row, (what, pointer, evidence) -> mapped(what, trace));
        if (trace.take(row, "functions") != null && modern.containsKey("functions")) {
            trace.error("deprecated_functions", "/functions",
                    "'functions' must be a list, and not stand beside 'tools'; write 'tools' only",
                    row.get("functions"));
        }
        List<Map<String, Object>> messages = Messages.read(trace.take(modern, "messages"), "/messages", trace);
        Map<String, Object> settings = Messages.settings(modern, trace);
        return trace.failed() ? null : new Example.Supervised(messages, settings);
    }

    private static void mapped(LegacyFunctions.Outdated what, Trace trace) {
        switch (what) {
            case FUNCTIONS -> trace.mapped("functions", "tools");
            case FUNCTION_CALL -> trace.mapped("messages[].function_call", "messages[].tool_calls");
            case FUNCTION_ROLE -> trace.mapped("role 'function'", "role 'tool'");
        }
    }

    @Override
    public @Nullable Map<String, Object> write(Example example, Trace trace) {
        Example.Supervised chat = ExampleWriter.supervised(example, TargetFormat.CHAT.title(), trace);
        return chat == null ? null : row(chat.messages(), chat.settings());
    }

    static Map<String, Object> row(List<Map<String, Object>> messages, Map<String, Object> settings) {
        var row = new LinkedHashMap<String, Object>();
        row.put("messages", messages);
        row.putAll(settings);
        return row;
    }
}
