package dev.attune.dataset.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The columns of the CSV that is written. */
final class TableFormat implements ExampleWriter {
    static final List<String> ANSWER = List.of("system", "user", "assistant");
    static final List<String> PREFERENCE = List.of("system", "user", "preferred", "non_preferred");
    private static final String TITLE = TargetFormat.CSV.title();

    @Override
    public @Nullable Map<String, Object> write(Example example, Trace trace) {
        if (example instanceof Example.Preference preference) {
            return preference(preference, trace);
        }
        Dialogue dialogue = Dialogue.single(example, TITLE, trace);
        if (dialogue == null) {
            return null;
        }
        var row = start(dialogue, trace);
        trace.mapped("role 'assistant'", "column 'assistant'");
        row.put("assistant", dialogue.last().assistant());
        return row;
    }

    private static @Nullable Map<String, Object> preference(Example.Preference example, Trace trace) {
        Dialogue better = Dialogue.single(with(example, example.preferred()), TITLE, trace);
        Dialogue other = Dialogue.single(with(example, example.nonPreferred()), TITLE, new Trace(trace.line()));
        String text = Messages.text(example.nonPreferred(), "/non_preferred_output/0", TITLE, trace);
        if (better == null || other == null || text == null) {
            return null;
        }
        var row = start(better, trace);
        trace.mapped("preferred_output", "column 'preferred'");
        row.put("preferred", better.last().assistant());
        trace.mapped("non_preferred_output", "column 'non_preferred'");
        row.put("non_preferred", text);
        return row;
    }

    private static Example.Supervised with(Example.Preference example, Map<String, Object> answer) {
        var messages = new ArrayList<>(example.input());
        messages.add(answer);
        return new Example.Supervised(messages, example.settings());
    }

    private static Map<String, Object> start(Dialogue dialogue, Trace trace) {
        var row = new LinkedHashMap<String, Object>();
        if (!dialogue.system().isEmpty()) {
            trace.mapped("role 'system'", "column 'system'");
        }
        row.put("system", dialogue.system());
        trace.mapped("role 'user'", "column 'user'");
        row.put("user", dialogue.last().user());
        return row;
    }
}
