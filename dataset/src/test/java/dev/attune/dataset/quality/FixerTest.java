package dev.attune.dataset.quality;

import static dev.attune.dataset.quality.Lines.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.dataset.Dataset;
import dev.attune.dataset.DatasetException;
import dev.attune.dataset.FilePart;
import dev.attune.dataset.PriceList;
import dev.attune.dataset.Problem;
import dev.attune.dataset.RowRules;
import dev.attune.dataset.TokenCount;
import dev.attune.dataset.prepare.FileRepair;
import dev.attune.dataset.report.CheckReport;
import dev.attune.dataset.report.FileChecker;
import dev.attune.dataset.report.FindingGroup;
import dev.attune.dataset.target.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FixerTest {
    @TempDir
    Path folder;

    private String fixed(Fixer fixer, String content) throws IOException {
        return new String(fixed(fixer, content.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    private byte[] fixed(Fixer fixer, byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("in.jsonl"), content);
        fixer.fix(file, folder.resolve("out.jsonl"));
        assertThat(Files.readAllBytes(file)).as("the file itself stays as it is").isEqualTo(content);
        return Files.readAllBytes(folder.resolve("out.jsonl"));
    }

    @Test
    void whatNeedsNothingKeepsItsBytes() throws IOException {
        byte[] odd = ("{ \"messages\" : [ {\"role\":\"user\",\"content\":\"caf\\u00e9 \\/ x\"} ,{\"role\":\"assistant\", \"content\":\"Ja \\u2013 gut\"}]}\n"
                + "not json at all &amp; \u200B\n\n   \n[1,2]\n{\"id\":1}\n" + chat("q", "a"))
                .getBytes(StandardCharsets.UTF_8);
        byte[] content = new byte[odd.length + 2];
        System.arraycopy(odd, 0, content, 0, odd.length);
        content[odd.length] = '\n';
        content[odd.length + 1] = (byte) 0xFF;
        assertThat(fixed(Fixer.safe(), content)).isEqualTo(content);
    }

    @Test
    void onlyTheChangedPiecesOfALineChange() throws IOException {
        String line = "{ \"messages\": [{\"content\":\"\\u00fcber \\/ Tom &amp; J\\u00e9r\\u00f4me\", \"role\":\"user\"},"
                + "{\"role\":\"assistant\",\"content\":\"fine\"}], \"id\": 7, \"tools\": [], \"meta\": {\"a\":1} }\n";
        assertThat(fixed(Fixer.safe(), line)).isEqualTo(
                "{ \"messages\": [{\"content\":\"\\u00fcber \\/ Tom & J\\u00e9r\\u00f4me\", \"role\":\"user\"},"
                        + "{\"role\":\"assistant\",\"content\":\"fine\"}],\"tools\": [] }\n");
    }

    @Test
    void rowsThatStayFaultyAreLeftOutOnRequest() throws IOException {
        String broken = "{\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]}";
        String extra = chat("r", "b").replaceFirst("\\{", "{\"id\":7,");
        String content = chat("q", "a") + "\n" + broken + "\nnot json\n" + extra + "\n";
        assertThat(fixed(Fixer.safe().leavingOutFaulty(RowRules.ATTUNE), content))
                .isEqualTo(chat("q", "a") + "\n" + chat("r", "b") + "\n");
        assertThat(fixed(Fixer.safe(), content)).contains(broken).contains("not json");
        byte[] latin = (chat("q", "a") + "\n\u00e9\n").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(fixed(Fixer.safe().leavingOutFaulty(RowRules.ATTUNE), latin))
                .isEqualTo((chat("q", "a") + "\n").getBytes(StandardCharsets.UTF_8));
        assertThat(Files.readString(folder.resolve("out.jsonl.changes.jsonl"))).contains("faulty_row");
    }

    @Test
    void lineEndsAndTheByteOrderMarkGo() throws IOException {
        assertThat(fixed(Fixer.safe(), "\uFEFF" + chat("q", "a") + "\r\n" + chat("r", "b") + "\r\n"))
                .isEqualTo(chat("q", "a") + "\n" + chat("r", "b") + "\n");
        assertThat(fixed(Fixer.of(Set.of("html_entity")), "\uFEFF" + chat("q &amp; a", "a") + "\r\n"))
                .isEqualTo("\uFEFF" + chat("q & a", "a") + "\r\n");
    }

    @Test
    void repeatedRowsGoAlsoWhereOnlyTheRepairShowsThem() throws IOException {
        String content = chat("Is it so?", "It is caf\u00e9.") + "\n" + chat("Is it so?", "It is cafÃ©.") + "\n"
                + chat("is  it so?", "It is caf\u00e9.") + "\n" + chat("Is it so?", "No.") + "\n";
        assertThat(fixed(Fixer.safe(), content))
                .isEqualTo(chat("Is it so?", "It is caf\u00e9.") + "\n" + chat("Is it so?", "No.") + "\n");
    }

    @Test
    void callsInTheOldFormBecomeToolCalls() throws IOException {
        String old = "{\"messages\":[{\"role\":\"user\",\"content\":\"weather?\"},{\"role\":\"assistant\",\"content\":null,\"function_call\":{\"name\":\"get\",\"arguments\":\"{}\"}},"
                + "{\"role\":\"function\",\"name\":\"get\",\"content\":\"sunny\"},{\"role\":\"assistant\",\"content\":\"Sunny.\"}],\"functions\":[{\"name\":\"get\",\"parameters\":{}}]}\n";
        String mended = fixed(Fixer.safe(), old);
        assertThat(mended).isEqualTo(
                "{\"messages\":[{\"role\":\"user\",\"content\":\"weather?\"},{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"get\",\"arguments\":\"{}\"}}]},"
                        + "{\"role\":\"tool\",\"tool_call_id\":\"call_1\",\"name\":\"get\",\"content\":\"sunny\"},{\"role\":\"assistant\",\"content\":\"Sunny.\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"get\",\"parameters\":{}}}]}\n");
        assertThat(problems(mended.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    @Test
    void argumentsBecomeText() throws IOException {
        String object = "{\"messages\":[{\"role\":\"user\",\"content\":\"weather?\"},{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"get\",\"arguments\":{\"city\": \"K\u00f6ln\"}}}]}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"get\",\"parameters\":{}}}]}\n";
        String mended = fixed(Fixer.safe(), object);
        assertThat(mended).contains("\"arguments\":\"{\\\"city\\\": \\\"K\u00f6ln\\\"}\"");
        assertThat(problems(mended.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    @Test
    void standInsAreTheSameInTheWholeFile() throws IOException {
        Fixer fixer = Fixer.of(List.of("pii_email", "pii_iban", "pii_phone"));
        String content = chat("I am jo.li@gmx.de", "Hi jo.li@gmx.de and al@gmx.de!") + "\n"
                + chat("JO.LI@gmx.de pays DE89370400440532013000", "DE89 3704 0044 0532 0130 00, +49 30 901820.")
                + "\n";
        assertThat(fixed(fixer, content)).isEqualTo(chat("I am [EMAIL_1]", "Hi [EMAIL_1] and [EMAIL_2]!") + "\n"
                + chat("[EMAIL_1] pays [IBAN_1]", "[IBAN_1], [PHONE_1].") + "\n");
        assertThat(Files.readString(folder.resolve("out.jsonl.changes.jsonl"))).doesNotContain("gmx")
                .doesNotContain("0130")
                .doesNotContain("901820")
                .contains("\"code\":\"pii_email\",\"line\":1,\"pointer\":\"/messages/0/content\"");
        assertThat(fixed(Fixer.safe(), content)).isEqualTo(content);
    }

    @Test
    void theReportAndTheLogSayWhatChanged() throws IOException {
        Path file = Files.writeString(folder.resolve("in.jsonl"), chat("a &amp; b", "c ") + "\n" + chat("d", "e") + "\n"
                + chat("d", "e") + "\n");
        FixReport report = Fixer.safe().fix(file, file);
        assertThat(report.changes())
                .isEqualTo(Map.of("html_entity", 1, "answer_whitespace", 1, "duplicate_row", 1));
        assertThat(report.lines()).isEqualTo(3);
        assertThat(report.changedLines()).isEqualTo(1);
        assertThat(report.removedLines()).isEqualTo(1);
        assertThat(report.first().getFirst())
                .isEqualTo(new Change("html_entity", 1, "/messages/0/content", "a &amp; b", "a & b"));
        assertThat(Files.readAllLines(report.log())).hasSize(3);
        assertThat(Files.list(folder)).hasSize(2);
    }

    @Test
    void whatCannotBeFixedIsSaid() {
        assertThatThrownBy(() -> Fixer.of(List.of("refusals"))).isInstanceOf(DatasetException.class)
                .hasMessageStartingWith("There is no fix for 'refusals'; there is one for mojibake");
        assertThatThrownBy(() -> Fixer.safe().fix(folder.resolve("none.jsonl"), folder.resolve("out.jsonl")))
                .isInstanceOf(DatasetException.class).hasMessageContaining("none.jsonl");
        assertThat(folder.toFile().list()).isEmpty();
        assertThat(Fixer.codes(Repair.ON_REQUEST)).contains("pii_email", "secret_key").doesNotContain("mojibake");
    }

    /** Fixing a fixed file changes nothing, and none of the fixed codes is found in it. */
    @Test
    void fixingIsDoneAtOnce() throws IOException {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println("FixerTest: -Dattune.seed=" + seed);
        var random = new SplittableRandom(seed);
        Set<String> all = new HashSet<>(Fixer.codes(Repair.SAFE));
        all.addAll(Fixer.codes(Repair.ON_REQUEST));
        for (int round = 0; round < 60; round++) {
            Set<String> codes = new HashSet<>(all);
            codes.removeIf(code -> random.nextInt(4) == 0);
            byte[] content = messy(random);
            byte[] once = fixed(Fixer.of(codes), content);
            assertThat(new String(fixed(Fixer.of(codes), once), StandardCharsets.UTF_8))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(new String(once, StandardCharsets.UTF_8));
            Set<String> found = new HashSet<>(problems(once));
            found.retainAll(codes);
            assertThat(found).as("seed %d, round %d", seed, round).isEmpty();
        }
    }

    /** What settles contradictions counts repeated rows, and rows that are only the same once they are mended. */
    @Test
    void contradictionsAreSettledBeforeRepeatedRowsGo() throws IOException {
        String content = chat("Open on Sunday?", "yes") + "\n" + chat("Open on Sunday?", "yes") + "\n"
                + chat("Open on Sunday?", "no") + "\n" + chat("Caf\u00e9?", "yes") + "\n" + chat("CafÃ©?", "no") + "\n"
                + chat("Caf\u00e9?", "no ") + "\n" + chat("Closed?", "no") + "\n" + chat("Closed?", "yes") + "\n";
        Path file = Files.writeString(folder.resolve("in.jsonl"), content);
        FixReport report = Fixer.safe().settlingContradictions().fix(file, folder.resolve("out.jsonl"));
        assertThat(folder.resolve("out.jsonl"))
                .hasContent(chat("Open on Sunday?", "yes") + "\n" + chat("Caf\u00e9?", "no"));
        assertThat(report.settled()).extracting(Problem::line).containsExactly(3, 4, 7, 8);
        assertThat(report.changes()).containsEntry("contradiction_settled", 4).containsEntry("duplicate_row", 2);
        assertThat(fixed(Fixer.safe(), content)).contains("no").contains("yes");
    }

    /** A check of what was fixed finds nothing that a fix puts right, and no contradiction where they were settled. */
    @Test
    void aFixedFileIsCleanByItsOwnCheck() throws IOException {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println("FixerTest: -Dattune.seed=" + seed);
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 40; round++) {
            var content = new StringBuilder();
            for (int i = random.nextInt(4); i >= 0; i--) {
                content.append(new String(messy(random), StandardCharsets.UTF_8).replace("\uFEFF", ""));
            }
            for (int i = random.nextInt(30); i > 0; i--) {
                content.append(chat((random.nextBoolean() ? "Caf\u00e9 " : "CafÃ© ") + random.nextInt(4),
                        random.nextBoolean() ? "yes" : "no ")).append('\n');
            }
            Path file = Files.writeString(folder.resolve("in.jsonl"), content);
            Path copy = folder.resolve("copy.jsonl");
            FileRepair.safe(Target.parse("openai:gpt-4o")).settlingContradictions().repair(file, copy);
            CheckReport checked = new FileChecker(Target.parse("openai:gpt-4o"),
                    conversation -> new TokenCount(2, 1),
                    report -> report.estimate(-1, PriceList.NONE), LocalDate.EPOCH).check(List.of(copy), List.of());
            Set<String> promised = new HashSet<>(Fixer.codes(Repair.SAFE));
            promised.addAll(Set.of("contradiction", "blank_line"));
            assertThat(checked.findings().map(FindingGroup::code).filter(promised::contains))
                    .as("seed %d, round %d", seed, round).isEmpty();
        }
    }

    private static List<String> problems(byte[] content) {
        var dataset = Dataset.parse(Path.of("fixed.jsonl"), content, FilePart.TEST);
        var codes = new ArrayList<>(dataset.problems().stream().map(Problem::code).toList());
        codes.addAll(Lines.codes(QualityReport.of(dataset.rows())));
        return codes;
    }

    private static byte[] messy(SplittableRandom random) {
        String[] parts = {"Ã©", "â€™", "&amp;", "&lt;b&gt;", "&#39;", "\u001B[0m", "\u0007", "\u200B", "\u202E",
                "e\u0301", " ", "\n",
                "word ", "card 4539578763621486 ", "a.b@gmx.de ", "+49 30 901820 ", "password Zk8qLw2TxV5mNb7RfY1d ",
                "😀",
                "&#8203;", "{", "é", "Â ", "[SECRET_1] ", "87.155.12.34 ", "\"", "\\"};
        var lines = new StringBuilder(random.nextInt(3) == 0 ? "\uFEFF" : "");
        for (int i = random.nextInt(12); i >= 0; i--) {
            var question = new StringBuilder();
            var answer = new StringBuilder("x");
            for (int k = random.nextInt(5); k >= 0; k--) {
                question.append(parts[random.nextInt(parts.length)]);
                answer.append(parts[random.nextInt(parts.length)]);
            }
            String row = chat(question.toString(), random.nextInt(3) == 0 ? "same" : answer.toString());
            if (random.nextInt(4) == 0) {
                row = row.substring(0, row.length() - 1) + ",\"id\":" + random.nextInt(9) + "}";
            }
            if (random.nextInt(9) == 0) {
                row = row.substring(0, row.length() / 2);
            }
            lines.append(row).append(random.nextInt(3) == 0 ? "\r\n" : "\n");
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }
}
