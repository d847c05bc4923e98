package dev.attune.dataset.prepare;

import dev.attune.dataset.Dataset;
import dev.attune.dataset.FilePart;
import dev.attune.dataset.Problem;
import dev.attune.dataset.Row;
import dev.attune.dataset.RowRules;
import dev.attune.dataset.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Chat rows whose messages came from web pages, rewritten as their words. */
final class WebRows {
    private WebRows() {}

    /**
     * Copies rows; each that changes is told.
     *
     * @param told a problem of the code {@code html_removed} for each row that changed
     */
    static Path strip(Path rows, Path stripped, RowRules rules, List<Problem> told) throws IOException {
        Map<Integer, Row> known = new HashMap<>();
        Dataset.read(rows, FilePart.TEST, rules).rows().forEach(row -> known.put(row.line(), row));
        var lines = new ArrayList<String>();
        int number = 0;
        for (String line : Files.readAllLines(rows)) {
            Row row = known.get(++number);
            Map<String, Object> plain = row == null ? Map.of() : plain(row.raw());
            if (row == null || plain.equals(row.raw())) {
                lines.add(line);
            } else {
                lines.add(PrepareJson.line(plain));
                told.add(new Problem("html_removed", Severity.WARNING, number, "",
                        "the row was markup of a web page and is written as its words", ""));
            }
        }
        return Files.write(stripped, lines);
    }

    private static Map<String, Object> plain(Map<String, Object> row) {
        var copy = new LinkedHashMap<>(row);
        if (row.get("messages") instanceof List<?> messages) {
            copy.put("messages", messages.stream().map(WebRows::message).toList());
        }
        return copy;
    }

    private static @Nullable Object message(@Nullable Object message) {
        if (!(message instanceof Map<?, ?> map) || !(map.get("content") instanceof String content)) {
            return message;
        }
        var copy = new LinkedHashMap<Object, @Nullable Object>(map);
        copy.put("content", WebText.of(content));
        return copy;
    }
}
