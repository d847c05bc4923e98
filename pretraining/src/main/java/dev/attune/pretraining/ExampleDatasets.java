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
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
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
        files.put("evaluation/test.jsonl",
                questions(unseen(rows(141, 200, new Tickets()), rows(41, 1200, new Tickets()), 120)));
        return files;
    }

    /** Rows that ask nothing that another list asks, so that what is measured was never trained on. */
    private static List<Sample> unseen(List<Sample> rows, List<Sample> trained, int count) {
        Set<String> asked = trained.stream().map(row -> row.user().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        return rows.stream().filter(row -> !asked.contains(row.user().toLowerCase(Locale.ROOT))).limit(count).toList();
    }

    /** Rows to be measured by, with an id and what results are told apart by. */
    private static String questions(List<Sample> rows) {
        var out = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            Sample row = rows.get(i);
            var line = JSON.createObjectNode().put("id", "ticket-" + (i + 1));
            var messages = line.putArray("messages");
            messages.addObject().put("role", "system").put("content", row.system());
            messages.addObject().put("role", "user").put("content", row.user());
            messages.addObject().put("role", "assistant").put("content", row.assistant());
            line.putObject("metadata").put("channel", i % 5 < 3 ? "chat" : "mail").put("tone",
                    JSON.readTree(row.assistant()).path("sentiment").asString(""));
            out.append(line).append('\n');
        }
        return out.toString();
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
