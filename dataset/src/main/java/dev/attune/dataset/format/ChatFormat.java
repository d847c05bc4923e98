package dev.attune.dataset.format;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** OpenAI's chat format. */
final class ChatFormat implements ExampleReader, ExampleWriter {
    @Override
    public @Nullable Example read(Map<String, Object> row, Trace trace) {
        List<Map<String, Object>> messages = Messages.read(trace.take(row, "messages"), "/messages", trace);
        Map<String, Object> settings = Messages.settings(row, trace);
        LegacyFunctions.readTools(row, settings, trace);
        return trace.failed()
                ? null
                : new Example.Supervised(LegacyFunctions.readMessages(messages, trace), settings);
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
