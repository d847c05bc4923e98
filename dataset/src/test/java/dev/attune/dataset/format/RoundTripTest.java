package dev.attune.dataset.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.dataset.DatasetException;
import dev.attune.dataset.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** What is written can be read back, wherever the other format can say it. */
class RoundTripTest {
    @TempDir
    private Path folder;
    private SplittableRandom random;
    private RandomExamples examples;

    @BeforeEach
    void seed() {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println("RoundTripTest: -Dattune.seed=" + seed);
        random = new SplittableRandom(seed);
        examples = new RandomExamples(random);
    }

    private List<Map<String, Object>> rows(Supplier<Map<String, Object>> example) {
        var rows = new ArrayList<Map<String, Object>>();
        for (int i = random.nextInt(30); i >= 0; i--) {
            rows.add(parsed(example.get()));
        }
        return rows;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> parsed(Map<String, Object> row) {
        return (Map<String, Object>) JsonValue.parse(JsonValue.text(row));
    }

    private static String lines(List<Map<String, Object>> rows) {
        return rows.stream().map(row -> JsonValue.text(row) + "\n").collect(Collectors.joining());
    }

    private void assertReturns(Supplier<Map<String, Object>> example, TargetFormat home, TargetFormat abroad) {
        for (int round = 0; round < 8; round++) {
            List<Map<String, Object>> rows = rows(example);
            Converted there = Converted.of(folder, lines(rows), abroad);
            assertThat(there.problems()).isEmpty();
            assertThat(there.dropped()).isEmpty();
            Converted back = Converted.of(folder, there.text(), home);
            assertThat(back.problems()).isEmpty();
            assertThat(back.dropped()).isEmpty();
            assertThat(back.rows()).isEqualTo(rows);
            assertThat(Converted.of(folder, back.text(), abroad).text()).isEqualTo(there.text());
        }
    }

    @Test
    void oneQuestionWithItsAnswerReturnsFromPromptAndCompletion() {
        assertReturns(() -> examples.plain(false, 1), TargetFormat.CHAT, TargetFormat.PROMPT_COMPLETION);
    }

    @Test
    void oneQuestionWithInstructionsReturnsFromCsv() {
        assertReturns(examples::plain, TargetFormat.CHAT, TargetFormat.CSV);
    }

    @Test
    void questionsAndAnswersByTurnsReturnFromAlpaca() {
        assertReturns(examples::turns, TargetFormat.CHAT, TargetFormat.ALPACA);
    }

    @Test
    void weightsAndToolsReturnFromShareGpt() {
        assertReturns(examples::turns, TargetFormat.CHAT, TargetFormat.SHAREGPT);
        assertReturns(examples::calling, TargetFormat.CHAT, TargetFormat.SHAREGPT);
    }

    @Test
    void preferencesReturnFromCsv() {
        assertReturns(examples::preference, TargetFormat.PREFERENCE, TargetFormat.CSV);
    }

    @Test
    void everyContainerHoldsTheSameRows() throws IOException {
        for (int round = 0; round < 12; round++) {
            TargetFormat format = List.of(TargetFormat.CHAT, TargetFormat.PREFERENCE, TargetFormat.REINFORCEMENT)
                    .get(round % 3);
            List<Map<String, Object>> rows = rows(switch (format) {
                case PREFERENCE -> examples::preference;
                case REINFORCEMENT -> examples::reinforcement;
                default -> examples::chat;
            });
            var pretty = JsonMapper.builder().build().writerWithDefaultPrettyPrinter();
            for (String content : List.of(lines(rows), pretty.writeValueAsString(rows), JsonValue.text(rows),
                    "\uFEFF" + rows.stream().map(pretty::writeValueAsString).collect(Collectors.joining("\n")),
                    lines(rows).replace("\n", "\r\n\r\n"))) {
                byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
                Converted converted = Converted.of(folder, random.nextBoolean() ? gzip(bytes) : bytes,
                        ReadOptions.defaults(), Converter.to(format));
                assertThat(converted.report().errors()).as(converted.problems().toString()).isZero();
                assertThat(converted.rows()).isEqualTo(rows);
                assertThat(converted.report().dropped()).isEmpty();
                assertThat(converted.report().rowsRead()).isEqualTo(rows.size());
                assertThat(converted.report().rowsWritten()).isEqualTo(rows.size());
            }
        }
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void aCorruptedByteIsFoundInItsLine() {
        String row = "{\"messages\":[{\"role\":\"user\",\"content\":\"What, \\\"then\\\"?\"},{\"role\":\"assistant\",\"content\":\"Paris\"}]}";
        List<List<String>> files = List.of(List.of("", row, "\n", ""), List.of("[\n", row, ",\n", "{}]"),
                List.of("question,answer\n", "\"What, \"\"then\"\"?\",\"Paris\"", "\n", ""));
        for (int round = 0; round < 150; round++) {
            List<String> file = files.get(round % files.size());
            int lines = 20;
            int at = 4 + random.nextInt(lines - 6);
            String before = file.get(0) + (file.get(1) + file.get(2)).repeat(at);
            byte[] content = (before + (file.get(1) + file.get(2)).repeat(lines - at) + file.get(3))
                    .getBytes(StandardCharsets.UTF_8);
            content[before.length() + random.nextInt(file.get(1).length())] = (byte) 0xFE;
            int line = at + (file.get(0).isEmpty() ? 1 : 2);
            Converted converted = Converted.of(folder, content, ReadOptions.defaults(),
                    Converter.to(TargetFormat.CHAT));
            assertThat(converted.text()).isEmpty();
            assertThat(converted.report().problems().stream().filter(Problem::isError).mapToInt(Problem::line).min())
                    .as(converted.problems().toString())
                    .hasValue(line);
        }
    }

    @Test
    void nothingInAFileIsWorseThanASentence() {
        String alphabet = "{}[]\":,;\\un019.e- \n\r\ttfmgaq'|<\u0000é😀\uFEFF";
        String good = "question,answer\n\"a,b\",c\n";
        for (int round = 0; round < 800; round++) {
            var text = new StringBuilder(
                    random.nextInt(3) == 0 ? good : random.nextInt(3) == 0 ? "[{\"prompt\":\"" : "");
            for (int i = random.nextInt(60); i >= 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            try {
                Converted converted = Converted.of(folder, bytes, ReadOptions.defaults(),
                        Converter.to(TargetFormat.values()[random.nextInt(TargetFormat.values().length)]));
                assertThat(converted.report().isComplete()).isEqualTo(converted.report().errors() == 0);
            } catch (DatasetException e) {
                assertThat(e).message().isNotBlank().doesNotEndWith(".");
            }
        }
    }
}
