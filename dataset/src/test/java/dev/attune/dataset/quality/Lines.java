package dev.attune.dataset.quality;

import dev.attune.dataset.Dataset;
import dev.attune.dataset.FilePart;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/** Chat rows for tests, and what the checks find in them. */
final class Lines {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> SUBJECTS = List.of("the harbour", "a bicycle", "my neighbour", "this recipe",
            "the morning train", "an old map", "their garden", "the choir", "our roof", "a lost glove", "the library");
    private static final List<String> VERBS = List.of("waits for", "reminds me of", "belongs beside", "explains",
            "has outlived", "never mentions", "leans on", "was painted like", "sounds like", "hides behind",
            "follows", "replaced", "envies");
    private static final List<String> OBJECTS = List.of("a broken clock.", "the quiet street.", "winter.",
            "seven cups.",
            "the last bus.", "an unread letter.", "fresh bread.");

    private Lines() {}

    static String chat(String question, String answer) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":" + quote(question)
                + "},{\"role\":\"assistant\",\"content\":" + quote(answer) + "}]}";
    }

    static String chat(String system, String question, String answer) {
        return "{\"messages\":[{\"role\":\"system\",\"content\":" + quote(system) + "},{\"role\":\"user\",\"content\":"
                + quote(question) + "},{\"role\":\"assistant\",\"content\":" + quote(answer) + "}]}";
    }

    static String quote(String text) {
        return JSON.writeValueAsString(text);
    }

    /** A sentence that no other number has, of ordinary length, with a full stop. */
    static String sentence(int i) {
        return "Well, " + SUBJECTS.get(i % 11) + " " + VERBS.get(i % 13) + " " + OBJECTS.get(i % 7);
    }

    static List<String> rows(int count, IntFunction<String> row) {
        return IntStream.range(0, count).mapToObj(row).collect(Collectors.toCollection(ArrayList::new));
    }

    /** Unsuspicious rows, a thousand different ones at most. */
    static List<String> ordinary(int count) {
        return rows(count, i -> chat("What about number " + i + " here?", sentence(i)));
    }

    static QualityReport check(List<String> lines) {
        byte[] content = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        var dataset = Dataset.parse(Path.of("rows.jsonl"), content, FilePart.TEST);
        if (dataset.rows().size() != lines.size()) {
            throw new AssertionError(dataset.problems());
        }
        return QualityReport.of(dataset.rows());
    }

    static List<String> codes(QualityReport report) {
        return report.findings().stream().map(Finding::code).toList();
    }

    /** The codes found in one answer among ordinary rows. */
    static List<String> codes(String question, String answer) {
        List<String> lines = ordinary(30);
        lines.add(chat(question, answer));
        return codes(check(lines));
    }

    static List<String> inAnswer(String answer) {
        return codes("What is known about it?", answer);
    }
}
