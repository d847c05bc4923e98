package dev.attune.pretraining;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes the data of the three examples: {@code ExampleDatasets examples}. The same code and word lists always make the
 * same bytes.
 */
public final class ExampleDatasets {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ExampleDatasets() {}

    public static void main(String[] args) throws IOException {
        var dir = Path.of(args[0]);
        for (var entry : files().entrySet()) {
            var file = dir.resolve(entry.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, entry.getValue(), StandardCharsets.UTF_8);
        }
    }

    /** The files' contents by their place below {@code examples}. */
    static Map<String, String> files() {
        var files = new LinkedHashMap<String, String>();
        files.put("support-tickets/tickets.jsonl", jsonl(rows(41, 1200, new Tickets())));
        files.put("message-routing/messages.jsonl", jsonl(rows(42, 480, new Routing())));
        files.put("house-style/notes.jsonl", jsonl(rows(43, 960, new HouseStyle())));
        return files;
    }

    /** A message and the answer that a person would give. */
    record Sample(String system, String user, String assistant) {}

    private static List<Sample> rows(long seed, int count, Function<Dice, Sample> maker) {
        var seen = new LinkedHashSet<String>();
        var rows = new ArrayList<Sample>();
        for (int i = 0; rows.size() < count; i++) {
            var sample = maker.apply(new Dice(seed, i, false));
            if (seen.add(sample.user().toLowerCase(Locale.ROOT))) {
                rows.add(sample);
            }
        }
        return rows;
    }

    private static String jsonl(List<Sample> rows) {
        var out = new StringBuilder();
        for (Sample row : rows) {
            var messages = List.of(message("system", row.system()), message("user", row.user()),
                    message("assistant", row.assistant()));
            out.append(JSON.writeValueAsString(Map.of("messages", messages))).append('\n');
        }
        return out.toString();
    }

    private static Map<String, String> message(String role, String content) {
        var map = new LinkedHashMap<String, String>();
        map.put("role", role);
        map.put("content", content);
        return map;
    }
}
