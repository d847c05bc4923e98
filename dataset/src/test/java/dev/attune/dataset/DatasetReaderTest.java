package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.text.Message;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetReaderTest {
    private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private static List<String> codes(Dataset dataset) {
        return dataset.problems().stream().map(Problem::code).toList();
    }

    @Test
    void goodRowsAreReadAsTheyStand() {
        Dataset dataset = Rows.withGood(Rows.chat("Be kind.", "Hi", "Hello"));
        assertThat(dataset.problems()).isEmpty();
        assertThat(dataset.rows()).hasSize(11);
        Row row = dataset.rows().getLast();
        assertThat(row.line()).isEqualTo(11);
        assertThat(row.json()).isEqualTo(Rows.chat("Be kind.", "Hi", "Hello"));
        assertThat(row.conversation().messages()).containsExactly(new Message.System("Be kind."),
                new Message.User("Hi", ""),
                new Message.Assistant("Hello"));
        assertThat(row.output()).isEqualTo("Hello");
        assertThat(row.input()).hasSize(2);
    }

    @Test
    void byteOrderMarkWindowsLineEndsAndAMissingLastLineEndAreFine() {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(BOM);
        for (int i = 0; i < 10; i++) {
            bytes.writeBytes((Rows.chat("q" + i, "a" + i) + (i < 9 ? "\r\n" : "")).getBytes(StandardCharsets.UTF_8));
        }
        Dataset dataset = Rows.read(bytes.toByteArray());
        assertThat(dataset.problems()).isEmpty();
        assertThat(dataset.rows()).hasSize(10);
        assertThat(dataset.rows().getFirst().json()).isEqualTo(Rows.chat("q0", "a0"));
    }

    @Test
    void blankLinesAreSkippedWithAWarningAndLinesStillCount() {
        Dataset dataset = Rows.withGood("", "  ", Rows.chat("q", "a"), "");
        assertThat(dataset.rows().getLast().line()).isEqualTo(13);
        assertThat(dataset.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("blank_line");
            assertThat(problem.severity()).isEqualTo(Severity.WARNING);
            assertThat(problem.line()).isEqualTo(11);
            assertThat(problem.message()).startsWith("3 lines are empty");
        });
    }

    @Test
    void nineExamplesAreTooFewAndTenAreNot() {
        List<String> nine = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            nine.add(Rows.chat("q" + i, "a" + i));
        }
        Dataset dataset = Rows.read(String.join("\n", nine));
        assertThat(dataset.problems()).singleElement().satisfies(problem -> assertThat(problem.message())
                .isEqualTo("Training file has 9 example(s), but must have at least 10 examples"));
        assertThat(dataset.rows()).hasSize(9);
        assertThat(Dataset
                .parse(Path.of("v"), String.join("\n", nine).getBytes(StandardCharsets.UTF_8), FilePart.VALIDATION)
                .problems()).isEmpty();
        nine.add(Rows.chat("q", "a"));
        assertThat(Rows.read(String.join("\n", nine)).problems()).isEmpty();
    }

    @Test
    void filesThatCannotBeReadAreOneSentence(@TempDir Path folder) throws IOException {
        assertThat(Dataset.read(folder).problems()).singleElement()
                .satisfies(problem -> assertThat(problem.message())
                        .isEqualTo(folder + " is a directory; name the JSONL file in it"));
        Path missing = folder.resolve("missing.jsonl");
        assertThat(Dataset.read(missing).problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("file_not_found");
            assertThat(problem.message()).startsWith(missing + " does not exist");
            assertThat(problem.toString()).isEqualTo(problem.message());
        });
        Path empty = Files.createFile(folder.resolve("empty.jsonl"));
        assertThat(codes(Dataset.read(empty))).containsExactly("empty_file");
        Files.writeString(empty, "\n\n");
        assertThat(codes(Dataset.read(empty))).containsExactly("blank_line", "empty_file");
        Files.write(empty, BOM);
        assertThat(codes(Dataset.read(empty))).contains("empty_file");
    }

    @Test
    void foreignFilesAreRecognised() throws IOException {
        var gzip = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(gzip)) {
            out.write(Rows.chat("q", "a").getBytes(StandardCharsets.UTF_8));
        }
        assertThat(codes(Rows.read(gzip.toByteArray()))).containsExactly("gzip");
        assertThat(codes(Rows.read("\uFEFF{}".getBytes(StandardCharsets.UTF_16LE)))).containsExactly("utf16");
        assertThat(codes(Rows.read("PK\3\4xyz"))).containsExactly("zip");
        assertThat(codes(Rows.read("[" + Rows.chat("q", "a") + "]"))).contains("json_array");
        assertThat(codes(Rows.read("[\n" + Rows.chat("q", "a") + ",\n" + Rows.chat("q", "a") + "\n]\n")))
                .containsExactly("json_array");
        assertThat(codes(Rows.read("{\n  \"messages\": []\n}\n"))).containsExactly("pretty_printed");
    }

    @Test
    void aFileOfAnotherFormatIsOneSentenceThatSaysHowToConvertIt() {
        for (String content : List.of("question,answer\nq,a\n", "\"question\";\"answer\"\n\"q\";\"a\"\n",
                "question\tanswer\n", "[\n{}\n]", "{\n}\n")) {
            assertThat(Rows.read(content).problems()).as(content).singleElement()
                    .satisfies(problem -> assertThat(problem.message())
                            .endsWith("convert it with: attune prepare rows.jsonl --out DIR"));
        }
        assertThat(codes(Rows.read("question,answer\nq,a\n"))).containsExactly("csv");
        assertThat(codes(Rows.read("{\"messages\": [}\n{,}\n"))).startsWith("invalid_json", "invalid_json");
    }

    @Test
    void everyKindOfInvalidUtf8IsFoundWithItsByte() {
        byte[][] faults = {{(byte) 0xC0, (byte) 0xAF}, {(byte) 0xE0, (byte) 0x80, (byte) 0xAF},
                {(byte) 0xF0, (byte) 0x80, (byte) 0x80, (byte) 0xAF},
                {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
                {(byte) 0xFF}, {(byte) 0x80},
                {(byte) 0xE2, (byte) 0x82}, {(byte) 0xE9}};
        for (byte[] fault : faults) {
            var bytes = new ByteArrayOutputStream();
            bytes.writeBytes(
                    "{\"messages\":[{\"role\":\"user\",\"content\":\"\uFFFD caf".getBytes(StandardCharsets.UTF_8));
            int at = bytes.size() + 1;
            bytes.writeBytes(fault);
            bytes.writeBytes("\"}]}".getBytes(StandardCharsets.UTF_8));
            Dataset dataset = Rows.withGood(Rows.chat("\uFFFD is a character", "yes"));
            assertThat(dataset.problems()).as("a real U+FFFD").isEmpty();
            Problem problem = Rows.read(bytes.toByteArray()).problems().getFirst();
            assertThat(problem.code()).as(Arrays.toString(fault)).isEqualTo("invalid_utf8");
            assertThat(problem.message()).startsWith("byte " + at + " of the line (0x%02X)".formatted(fault[0] & 0xFF));
            assertThat(problem.line()).isEqualTo(1);
        }
    }

    @Test
    void linesLongerThanTheBufferAreWhole() {
        String answer = "é".repeat(200_000);
        Dataset dataset = Rows.withGood(Rows.chat("q", answer), Rows.chat("q", "a"));
        assertThat(dataset.problems()).isEmpty();
        assertThat(dataset.rows().get(10).output()).isEqualTo(answer);
    }

    @Test
    void linesAreCutAtTheMaximumAndTheNextIsWhole() throws IOException {
        byte[] content = ("x".repeat(150_000) + "\nshort\n" + "y".repeat(99) + "\n\r\nlast")
                .getBytes(StandardCharsets.UTF_8);
        var lines = new LineReader(new ByteArrayInputStream(content), 100);
        assertThat(lines.next()).hasSize(100);
        assertThat(lines.tooLong()).isTrue();
        assertThat(new String(lines.next(), StandardCharsets.UTF_8)).isEqualTo("short");
        assertThat(lines.tooLong()).isFalse();
        assertThat(lines.next()).hasSize(99);
        assertThat(lines.next()).isEmpty();
        assertThat(new String(lines.next(), StandardCharsets.UTF_8)).isEqualTo("last");
        assertThat(lines.number()).isEqualTo(5);
        assertThat(lines.next()).isNull();
    }

    @Test
    void linesAreTheSameHoweverTheStreamIsCut() throws IOException {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println("DatasetReaderTest: -Dattune.seed=" + seed);
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 30; round++) {
            byte[] content = new byte[random.nextInt(200_000)];
            for (int i = 0; i < content.length; i++) {
                content[i] = (byte) (random.nextInt(round % 2 == 0 ? 5 : 20_000) == 0
                        ? '\n'
                        : 'a' + random.nextInt(26));
            }
            String text = new String(content, StandardCharsets.ISO_8859_1);
            var expected = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
            if (expected.getLast().isEmpty()) {
                expected.removeLast();
            }
            var lines = new LineReader(dribbling(content, random.split()));
            var seen = new ArrayList<String>();
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                seen.add(new String(line, StandardCharsets.ISO_8859_1));
            }
            assertThat(seen).isEqualTo(expected);
        }
    }

    private static InputStream dribbling(byte[] content, SplittableRandom random) {
        var whole = new ByteArrayInputStream(content);
        return new InputStream() {
            @Override
            public int read() {
                return whole.read();
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                return whole.read(buffer, offset, Math.min(length, 1 + random.nextInt(40_000)));
            }
        };
    }

    @Test
    void nothingInAFileMakesTheReaderThrow() {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println("DatasetReaderTest: -Dattune.seed=" + seed);
        var random = new SplittableRandom(seed);
        byte[] good = (Rows.chat("Be kind.", "Grüße 😀", "{\"a\": [1, 2.5e3, null]}") + "\n").repeat(12)
                .getBytes(StandardCharsets.UTF_8);
        String alphabet = "{}[]\":,\\un0123456789.eE+- \n\r\ttruefalsmgcoxi\u0000é😀\uFEFF";
        for (int round = 0; round < 4_000; round++) {
            byte[] content;
            if (random.nextBoolean()) {
                content = good.clone();
                for (int k = random.nextInt(4); k >= 0; k--) {
                    content[random.nextInt(content.length)] = (byte) random.nextInt(256);
                }
            } else {
                var text = new StringBuilder();
                for (int k = random.nextInt(60); k > 0; k--) {
                    text.append(alphabet.charAt(random.nextInt(alphabet.length())));
                }
                content = text.toString().getBytes(StandardCharsets.UTF_8);
            }
            Dataset dataset = Rows.read(content);
            if (dataset.rows().size() < 10) {
                assertThat(dataset.hasErrors()).isTrue();
            }
            assertThat(dataset.problems())
                    .allSatisfy(problem -> assertThat(problem.message()).isNotBlank().doesNotContain("\n")
                            .doesNotEndWith("."));
        }
    }

    @Test
    void aCorruptedByteIsFoundInItsLine() {
        var random = new SplittableRandom(12);
        String line = Rows.chat("What is the capital of France?", "Paris.");
        for (int round = 0; round < 300; round++) {
            int at = 1 + random.nextInt(20);
            byte[] content = (line + "\n").repeat(20).getBytes(StandardCharsets.UTF_8);
            content[(at - 1) * (line.length() + 1) + random.nextInt(line.length())] = (byte) 0xFE;
            assertThat(Rows.read(content).problems()).singleElement()
                    .satisfies(problem -> assertThat(problem.line()).isEqualTo(at));
        }
    }
}
