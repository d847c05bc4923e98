package dev.attune.dataset.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.dataset.DatasetException;
import dev.attune.dataset.Mutations;
import dev.attune.dataset.PriceList;
import dev.attune.dataset.TokenCount;
import dev.attune.dataset.quality.Repair;
import dev.attune.dataset.report.CheckReport;
import dev.attune.dataset.report.FileChecker;
import dev.attune.dataset.report.FindingGroup;
import dev.attune.dataset.report.JsonReport;
import dev.attune.dataset.target.Target;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tables, dumps, pairs and packed files after random {@link Mutations}: a check of one never throws; where a repair says that it
 * has worked, its copy has nothing left that a repair puts right, its log has a code and a line for every change, and a second
 * repair changes nothing. {@code -Dattune.rounds} makes more.
 */
class MutatedSourcesTest {
    private static final int ROUNDS = Integer.getInteger("attune.rounds", 400);
    private static final Target TARGET = Target.parse("openai:gpt-4.1-mini");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final FileChecker CHECKER = new FileChecker(TARGET,
            conversation -> new TokenCount(9 * conversation.messages().size(), 9),
            report -> report.estimate(-1, PriceList.NONE), LocalDate.of(2026, 11, 21));

    @TempDir
    Path folder;

    private static List<byte[]> sources() throws IOException {
        var table = new StringBuilder("question;answer\n");
        var chat = new StringBuilder();
        var dump = new StringBuilder("[");
        var alpaca = new StringBuilder("instruction\tinput\toutput\r\n");
        var pairs = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            String question = "How far is town " + i * 17 + " from the \u201cold\u201d mill?";
            String answer = "It is " + i * 31 + " miles \u2013 or CAFÃ‰ &amp; more.";
            table.append('"').append(question).append("\";\"").append(answer).append("\"\n");
            alpaca.append(question).append("\t\t").append(answer).append("\r\n");
            dump.append(i == 0 ? "" : ",").append("{\"conversations\":[{\"from\":\"human\",\"value\":\"")
                    .append(question)
                    .append("\"},{\"from\":\"gpt\",\"value\":\"").append(answer).append("\"}]}");
            chat.append("{\"messages\":[{\"role\":\"user\",\"content\":\"").append(question)
                    .append(i % 3 == 0
                            ? "\\u200b \\u0007\"},{\"role\":\"assistant\",\"content\":\" "
                            : "\"},{\"role\":\"assistant\",\"content\":\"")
                    .append(answer).append("\"}]}\n");
            pairs.append("{\"input\":{\"messages\":[{\"role\":\"user\",\"content\":\"").append(question)
                    .append("\"}]},\"preferred_completion\":[{\"role\":\"assistant\",\"content\":\"").append(answer)
                    .append("\"}],\"non_preferred_completion\":[{\"role\":\"assistant\",\"content\":\"No ").append(i)
                    .append("\"}]}\n");
        }
        return List.of(bytes(table), bytes(alpaca), bytes(dump.append("]\n")), bytes(chat), bytes(pairs),
                packed(bytes(chat)), chat.toString().getBytes(Charset.forName("windows-1252")),
                chat.toString().getBytes(StandardCharsets.UTF_16));
    }

    private static byte[] bytes(StringBuilder text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] packed(byte[] bytes) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }

    @Test
    void areCheckedAndRepairedOrRefused() throws IOException {
        long seed = Long.getLong("attune.seed", new Random().nextLong());
        System.out.println("MutatedSourcesTest: -Dattune.seed=" + seed);
        var random = new Random(seed);
        List<byte[]> sources = sources();
        int repaired = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] source = sources.get(round % sources.size());
            byte[] file = round < sources.size() ? source : Mutations.some(source, random);
            try {
                repaired += checked(Files.write(folder.resolve("any"), file)) ? 1 : 0;
            } catch (RuntimeException | AssertionError | StackOverflowError e) {
                throw new AssertionError(
                        "round " + round + ": " + new String(file, StandardCharsets.ISO_8859_1), e);
            }
        }
        assertThat(repaired).isGreaterThan(ROUNDS / 4);
    }

    /** Whether the file could be repaired. */
    private boolean checked(Path file) throws IOException {
        assertThat(JsonReport.of(check(file))).startsWith("{");
        Path copy = folder.resolve("copy.jsonl");
        RepairReport report;
        try {
            report = FileRepair.safe(TARGET).skippingFaultyRows().repair(file, copy);
        } catch (DatasetException e) {
            assertThat(e.getMessage()).isNotBlank();
            return false;
        }
        assertThat(check(copy).findings().filter(group -> group.entry().repair() == Repair.SAFE))
                .extracting(FindingGroup::problems).isEmpty();
        for (String line : Files.readAllLines(report.fixed().log())) {
            JsonNode change = JSON.readTree(line);
            assertThat(change.path("code").asString()).isNotEmpty();
            assertThat(change.path("line").asInt(-1)).isNotNegative();
        }
        Path again = folder.resolve("again.jsonl");
        RepairReport second = FileRepair.safe(TARGET).skippingFaultyRows().repair(copy, again);
        assertThat(second.fixed().changes()).isEmpty();
        assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(copy));
        return true;
    }

    private static CheckReport check(Path file) {
        return CHECKER.check(List.of(file), List.of());
    }
}
