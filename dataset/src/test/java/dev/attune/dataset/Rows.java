package dev.attune.dataset;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Lines of chat JSONL for tests. */
final class Rows {
    private Rows() {}

    static String chat(String question, String answer) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":" + quote(question)
                + "},{\"role\":\"assistant\",\"content\":"
                + quote(answer) + "}]}";
    }

    static String chat(String system, String question, String answer) {
        return "{\"messages\":[{\"role\":\"system\",\"content\":" + quote(system) + "},{\"role\":\"user\",\"content\":"
                + quote(question) + "},{\"role\":\"assistant\",\"content\":" + quote(answer) + "}]}";
    }

    static String messages(String messages) {
        return "{\"messages\":[" + messages + "]}";
    }

    /** Ten good rows and then the given lines, so that only these have problems. The first of them is line 11. */
    static Dataset withGood(String... lines) {
        String good = IntStream.range(0, 10)
                .mapToObj(i -> chat("How much is " + i + " and " + i * i * 7 + "?", "It is " + i * 31))
                .collect(Collectors.joining("\n"));
        return read(good + "\n" + String.join("\n", lines) + "\n");
    }

    static Dataset read(String content) {
        return read(content.getBytes(StandardCharsets.UTF_8));
    }

    static Dataset read(byte[] content) {
        return Dataset.parse(Path.of("rows.jsonl"), content);
    }

    static Dataset of(List<String> lines) {
        return Dataset.parse(Path.of("rows.jsonl"), (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8),
                FilePart.TEST);
    }

    static String quote(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}
