package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.text.OpenAiTokenizer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The census of a file must say what the thorough reader says, row by row, whatever the file holds. */
class FileCensusTest {
    private static final String MODEL = "gpt-4.1-mini-2025-04-14";
    private static final long SEED = Long.getLong("attune.seed", 20_261_121L);

    /** Contents as JSON writes them, in order and not. */
    private static final List<String> CONTENTS = List.of("\"Hello there, how are you?\"",
            "\"a \\\"quoted\\\" word\\n\"",
            "\"tab\\t slash \\/ back \\\\ \\u00e9 \\ud83d\\ude00\"", "\"漢字とかな\"", "\"<|endoftext|> is text\"", "\"\"",
            "\"  \"",
            "\"\\u3000\"", "\"\\ud800\"", "\"\\q\"", "\"tab\there\"", "null", "7",
            "[{\"type\":\"text\",\"text\":\"part\"}]",
            "\"\\u0000\"", "\"über 12345 Straßen's\"", "\"\u00A0\"", "\"x\\\"", "\"" + "long ".repeat(300) + "\"");
    private static final List<String> ROLES = List.of("\"user\"", "\"assistant\"", "\"system\"", "\"developer\"",
            "\"tool\"",
            "\"bot\"", "\"us\\u0065r\"", "3");

    @TempDir
    Path dir;

    private record Thorough(List<String> problems, List<TokenCount> counts, int examples, long messages) {}

    private static Thorough thorough(byte[] bytes, String name, OpenAiTokenizer tokenizer) throws IOException {
        var problems = new ArrayList<String>();
        var counts = new ArrayList<TokenCount>();
        long[] messages = new long[1];
        var counter = TokenCounter.openAi(tokenizer, MODEL);
        int examples = DatasetReader.read(new ByteArrayInputStream(bytes), name, FilePart.TRAINING,
                new DatasetReader.Listener() {
                    @Override
                    public void row(Row row) {
                        counts.add(counter.count(row.conversation()));
                        messages[0] += row.conversation().messages().size();
                    }

                    @Override
                    public void problem(Problem problem) {
                        problems.add(problem.severity() + " " + problem.code() + " " + problem);
                    }
                });
        return new Thorough(problems, counts, examples, messages[0]);
    }

    private void same(byte[] bytes, int workers) throws IOException {
        Path file = Files.write(dir.resolve("rows.jsonl"), bytes);
        try (var tokenizer = OpenAiTokenizer.forModel(MODEL)) {
            var expected = thorough(bytes, file.toString(), tokenizer);
            var counts = new FileCensus(tokenizer, MODEL, RowRules.ATTUNE, workers).count(file, FilePart.TRAINING);
            assertThat(counts.problems().stream()
                    .map(problem -> problem.severity() + " " + problem.code() + " " + problem).toList())
                    .isEqualTo(expected.problems());
            assertThat(counts.examples()).isEqualTo(expected.examples());
            assertThat(counts.messages()).isEqualTo(expected.messages());
            assertThat(counts.total()).isEqualTo(
                    Distribution.of(expected.counts().stream().mapToLong(TokenCount::total).toArray()));
            assertThat(counts.trained()).isEqualTo(
                    Distribution.of(expected.counts().stream().mapToLong(TokenCount::trained).toArray()));
        }
    }

    private static String message(Random random, double oddity) {
        String role = random.nextDouble() < oddity
                ? ROLES.get(random.nextInt(ROLES.size()))
                : random.nextBoolean() ? "\"user\"" : "\"assistant\"";
        String content = CONTENTS
                .get(random.nextDouble() < oddity ? random.nextInt(CONTENTS.size()) : random.nextInt(5));
        var parts = new ArrayList<>(List.of("\"role\":" + role, "\"content\":" + content));
        if (random.nextDouble() < oddity) {
            parts.add(List.of("\"weight\":1", "\"weight\": 0", "\"weight\":2", "\"name\":\"Ann\"", "\"role\":\"user\"",
                    "\"colour\":1").get(random.nextInt(6)));
        }
        if (random.nextBoolean()) {
            parts.addLast(parts.removeFirst());
        }
        return "{" + String.join(random.nextBoolean() ? "," : " , ", parts) + "}";
    }

    private static String line(Random random) {
        double oddity = random.nextDouble() < 0.5 ? 0 : 0.25;
        var messages = new ArrayList<String>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            messages.add(message(random, oddity));
        }
        messages.add("{\"role\":\"assistant\",\"content\":\"ok\"}");
        String line = "{\"messages\":[" + String.join(",", messages) + "]}";
        return switch (random.nextInt(25)) {
            case 0 -> "";
            case 1 -> line + "x";
            case 2 -> line.substring(0, random.nextInt(line.length()));
            case 3 -> "{\"tools\":[]," + line.substring(1);
            case 4 -> " " + line + " \r";
            default -> line;
        };
    }

    @Test
    void randomFilesAreCountedAsTheThoroughReaderCountsThem() throws IOException {
        System.out.println("FileCensusTest: seed " + SEED + " (-Dattune.seed=… repeats another)");
        var random = new Random(SEED);
        for (int i = 0; i < 60; i++) {
            var text = new StringBuilder(random.nextInt(4) == 0 ? "\uFEFF" : "");
            int lines = random.nextInt(60);
            for (int l = 0; l < lines; l++) {
                text.append(line(random)).append(l + 1 < lines || random.nextBoolean() ? "\n" : "");
            }
            same(text.toString().getBytes(StandardCharsets.UTF_8), 1 + random.nextInt(3));
        }
    }

    @Test
    void oneByteChangedAnywhereIsSeenAsTheThoroughReaderSeesIt() throws IOException {
        var random = new Random(SEED + 1);
        byte[] good = ("{\"messages\":[{\"role\":\"user\",\"content\":\"Größe \\u00e9?\"},"
                + "{\"role\":\"assistant\",\"content\":\"12 cm\",\"weight\":1}]}\n").repeat(10)
                .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = good.clone();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            same(bytes, 2);
        }
    }

    @Test
    void linesAcrossPiecesKeepTheirNumbers() throws IOException {
        String good = "{\"messages\":[{\"role\":\"user\",\"content\":\"" + "word ".repeat(2_000)
                + "\"},{\"role\":\"assistant\",\"content\":\"yes\"}]}\n";
        var out = new ByteArrayOutputStream();
        for (int i = 1; i <= 1_500; i++) {
            out.writeBytes((i % 499 == 0 ? "{broken\n" : i % 700 == 0 ? "\n" : good).getBytes(StandardCharsets.UTF_8));
        }
        same(out.toByteArray(), 3);
    }

    @Test
    void aFileOfAnotherKindOrWithoutRowsGetsItsOneSentence() throws IOException {
        same("PK\u0003\u0004zip".getBytes(StandardCharsets.UTF_8), 1);
        same("[{\"messages\":[]}]".getBytes(StandardCharsets.UTF_8), 1);
        same(new byte[0], 1);
        same("\n\n".getBytes(StandardCharsets.UTF_8), 1);
        try (var tokenizer = OpenAiTokenizer.forModel(MODEL)) {
            var missing = new FileCensus(tokenizer, MODEL, RowRules.ATTUNE, 1).count(dir.resolve("none.jsonl"),
                    FilePart.TRAINING);
            assertThat(missing.problems()).extracting(Problem::code).containsExactly("file_not_found");
            assertThat(missing.hasErrors()).isTrue();
        }
    }

    @Test
    void problemsBeyondTheMostAreCountedAndNotKept() throws IOException {
        Path file = dir.resolve("bad.jsonl");
        Files.writeString(file, "{broken\n".repeat(FileCounts.MOST_PROBLEMS + 500));
        try (var tokenizer = OpenAiTokenizer.forModel(MODEL)) {
            var counts = new FileCensus(tokenizer, MODEL, RowRules.ATTUNE, 2).count(file, FilePart.TRAINING);
            assertThat(counts.problems()).hasSize(FileCounts.MOST_PROBLEMS);
            assertThat(counts.errors()).isEqualTo(FileCounts.MOST_PROBLEMS + 500);
        }
    }
}
