package dev.attune.dataset.format;

import dev.attune.dataset.format.ColumnMapping.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows whose parts stand in columns or keys that a mapping names. */
final class MappedFormat implements ExampleReader {
    private final ColumnMapping mapping;

    MappedFormat(ColumnMapping mapping) {
        this.mapping = mapping;
    }

    @Override
    public @Nullable Example read(Map<String, Object> row, Trace trace) {
        var messages = new ArrayList<Map<String, Object>>();
        String system = part(row, Part.SYSTEM, false, trace);
        if (!system.isEmpty()) {
            messages.add(Messages.of("system", system));
        }
        List<String> user = mapping.of(Part.USER);
        if (user.size() == 1 && row.get(user.getFirst()) instanceof List<?>) {
            messages.addAll(PromptFormat.prompt(row, user.getFirst(), trace));
        } else if (!user.isEmpty()) {
            messages.add(Messages.of("user", part(row, Part.USER, true, trace)));
        }
        if (!mapping.of(Part.PREFERRED).isEmpty()) {
            Map<String, Object> preferred = Messages.of("assistant", part(row, Part.PREFERRED, true, trace));
            Map<String, Object> other = Messages.of("assistant", part(row, Part.NON_PREFERRED, true, trace));
            return trace.failed() ? null : new Example.Preference(messages, Map.of(), preferred, other);
        }
        messages.add(Messages.of("assistant", part(row, Part.ASSISTANT, true, trace)));
        Map<String, Object> settings = user.contains("messages") ? Messages.settings(row, trace) : Map.of();
        return trace.failed() ? null : new Example.Supervised(messages, settings);
    }

    /** The text of a part: that of its columns that are not empty, joined by an empty line. */
    private String part(Map<String, Object> row, Part part, boolean required, Trace trace) {
        List<String> columns = mapping.of(part);
        if (columns.isEmpty()) {
            return "";
        }
        String text = columns.stream()
                .map(column -> trace.optionalText(row, column))
                .filter(piece -> !piece.isEmpty())
                .collect(Collectors.joining("\n\n"));
        if (!text.isEmpty()) {
            trace.mapped(columns.stream().map(column -> "'" + column + "'").collect(Collectors.joining(" and "))
                    + (columns.size() > 1 ? ", joined by an empty line" : ""), part.optionName());
        } else if (required && !trace.failed()) {
            trace.error("empty_cell", Trace.pointer("", columns.getFirst()),
                    "'" + String.join("' and '", columns) + "' is empty; every row needs a text for '"
                            + part.optionName() + "'",
                    null);
        }
        return text;
    }
}
