package dev.attune.dataset.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.dataset.DatasetException;
import dev.attune.dataset.RowKey;
import dev.attune.dataset.SplitPlan;
import dev.attune.dataset.format.ReadOptions;
import dev.attune.dataset.format.TargetFormat;
import dev.attune.dataset.format.Turns;
import dev.attune.dataset.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are prepared and repaired: what is written, what is named, and that nothing appears by halves. */
class PreparationTest {
    @TempDir
    Path folder;

    private static String row(int i, String more) {
        String[] things = {"lamp", "chair", "kettle", "carpet", "mirror", "drawer", "candle", "pillow"};
        return "{\"messages\":[{\"role\":\"user\",\"content\":\"How heavy is %s number %d of the %d. shelf?\"},{\"role\":\"assistant\",\"content\":\"It weighs %d grams.\"}]%s}\n"
                .formatted(things[i % 8], i * 37, i * i, i * 113, more);
    }

    private Path rows(int count, boolean grouped) throws IOException {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(row(i, grouped ? ",\"customer\":\"c" + i % 5 + "\"" : ""));
        }
        return Files.writeString(folder.resolve("rows.jsonl"), text);
    }

    private static PreparePlan plan(Path file, Optional<SplitPlan> split, TargetFormat format, boolean skips) {
        return new PreparePlan(List.of(file), ReadOptions.defaults(), Turns.WHOLE, split, format, Set.of(), false,
                false, false, skips);
    }

    @Test
    void pairsAndRowsForAGraderStayWhatTheyAre() throws IOException {
        Path pairs = Files.writeString(folder.resolve("pairs.jsonl"),
                "{\"prompt\":\"Is it safe?\",\"chosen\":\"Look first.\",\"rejected\":\"Sure.\"}\n"
                        + "{\"prompt\":\"Is it?\",\"chosen\":\"No.\"}\n");
        assertThatThrownBy(() -> new Preparation(plan(pairs, Optional.empty(), TargetFormat.PREFERENCE, false))
                .run(folder.resolve("a"), false)).isInstanceOf(DatasetException.class)
                .hasMessageContaining("--skip-faulty");
        PrepareReport report = new Preparation(plan(pairs, Optional.empty(), TargetFormat.PREFERENCE, true))
                .run(folder.resolve("a"), false);
        assertThat(report.parts()).extracting(PrepareReport.Part::rows).containsExactly(1);
        assertThat(folder.resolve("a/train.jsonl")).content().isEqualTo(
                "{\"input\":{\"messages\":[{\"role\":\"user\",\"content\":\"Is it safe?\"}]},\"preferred_output\":[{\"role\":\"assistant\",\"content\":\"Look first.\"}],\"non_preferred_output\":[{\"role\":\"assistant\",\"content\":\"Sure.\"}]}\n");

        Path graded = Files.writeString(folder.resolve("graded.jsonl"),
                "{\"messages\":[{\"role\":\"user\",\"content\":\"2+2?\"}],\"answer\":4}\n");
        new Preparation(plan(graded, Optional.empty(), TargetFormat.REINFORCEMENT, false)).run(folder.resolve("c"),
                false);
        assertThat(folder.resolve("c/train.jsonl")).hasSameTextualContentAs(graded);
        assertThatThrownBy(() -> new Preparation(
                plan(graded, Optional.of(SplitPlan.of(0, 0.5, 0)), TargetFormat.REINFORCEMENT, true))
                .run(folder.resolve("b"), false)).hasMessageContaining("leave the options out");
    }

    @Test
    void pairsAreSplitByTheirQuestions() throws IOException {
        var text = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            text.append("{\"prompt\":\"%s\",\"chosen\":\"Yes, number %d.\",\"rejected\":\"No.\"}\n".formatted(
                    i % 20 == 7 ? "Is it the same question?" : "What is " + i * 97 + " in words?", i));
        }
        Path pairs = Files.writeString(folder.resolve("pairs.jsonl"), text);
        PrepareReport report = new Preparation(
                plan(pairs, Optional.of(SplitPlan.of(0, 0.25, 1)), TargetFormat.PREFERENCE, false))
                .run(folder.resolve("out"), false);
        assertThat(report.parts()).extracting(PrepareReport.Part::rows).satisfies(rows -> assertThat(
                rows.stream().mapToInt(Integer::intValue).sum()).isEqualTo(40)).hasSize(2);
        List<String> train = Files.readAllLines(folder.resolve("out/train.jsonl"));
        assertThat(train).allSatisfy(row -> assertThat(row).startsWith("{\"input\":").contains("non_preferred_output"));
        assertThat(train.stream().filter(row -> row.contains("same question")).count()).isIn(0L, 2L);
        assertThat(report.split()).isPresent();
    }

    @Test
    void groupsStayTogetherAndTheirKeyIsNotWritten() throws IOException {
        Path file = rows(50, true);
        Path out = folder.resolve("out");
        PrepareReport report = new Preparation(
                plan(file, Optional.of(SplitPlan.of(0.2, 0.2, 3).groupedBy(new RowKey("customer"))), TargetFormat.CHAT,
                        false))
                .run(out, false);
        assertThat(report.parts()).hasSize(3);
        var seen = new HashSet<String>();
        int lines = 0;
        for (String part : List.of("train.jsonl", "validation.jsonl", "test.jsonl")) {
            Set<String> customers = new TreeSet<>();
            for (String line : Files.readAllLines(out.resolve(part))) {
                assertThat(line).doesNotContain("customer");
                customers.add(customer(Files.readAllLines(file), line));
                lines++;
            }
            assertThat(seen).doesNotContainAnyElementsOf(customers);
            seen.addAll(customers);
        }
        assertThat(lines).isEqualTo(50);
        assertThat(out.resolve("report.json")).content().contains("\"parts\"").contains("\"split\"");
        assertThat(out.resolve("report.txt")).content().contains("train.jsonl");
        assertThat(out.resolve("changes.jsonl")).exists();
    }

    private static String customer(List<String> rows, String line) {
        String question = line.substring(0, line.indexOf("shelf"));
        return rows.stream().filter(row -> row.startsWith(question)).findFirst()
                .map(row -> row.substring(row.indexOf("customer"))).orElseThrow();
    }

    @Test
    void faultyRowsStopTheWorkOrAreNamed() throws IOException {
        Path file = rows(12, false);
        Files.writeString(file, Files.readString(file) + "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}\n");
        Path out = folder.resolve("out");
        assertThatThrownBy(() -> new Preparation(plan(file, Optional.empty(), TargetFormat.CHAT, false)).run(out,
                false)).isInstanceOf(DatasetException.class).hasMessageContaining("--skip-faulty");
        assertThat(out).doesNotExist();
        try (var left = Files.list(folder)) {
            assertThat(left.toList()).containsExactly(file);
        }
        new Preparation(plan(file, Optional.empty(), TargetFormat.CHAT, true)).run(out, false);
        assertThat(Files.readAllLines(out.resolve("train.jsonl"))).hasSize(12);
        assertThat(out.resolve("report.txt")).content().contains("assistant");
    }

    @Test
    void partsAreWrittenInOtherFormats() throws IOException {
        Path out = folder.resolve("out");
        new Preparation(plan(rows(12, false), Optional.empty(), TargetFormat.SHAREGPT, false)).run(out, false);
        assertThat(Files.readAllLines(out.resolve("train.jsonl"))).hasSize(12)
                .allSatisfy(line -> assertThat(line).contains("\"conversations\""));
    }

    @Test
    void aFolderWithFilesIsLeftAloneUnlessForced() throws IOException {
        Path out = Files.createDirectory(folder.resolve("out"));
        Files.writeString(out.resolve("mine.txt"), "mine");
        var preparation = new Preparation(plan(rows(12, false), Optional.empty(), TargetFormat.CHAT, false));
        assertThatThrownBy(() -> preparation.run(out, false)).hasMessageContaining("--force");
        preparation.run(out, true);
        assertThat(out.resolve("mine.txt")).hasContent("mine");
        assertThat(out.resolve("train.jsonl")).exists();
    }

    @Test
    void aRepairedCopyForAzureBeginsWithAByteOrderMark() throws IOException {
        Path file = rows(12, false);
        Path copy = folder.resolve("copy.jsonl");
        var names = new ArrayList<Path>();
        FileRepair.safe(Target.parse("azure:gpt-4o")).repair(file, copy);
        assertThat(Files.readAllBytes(copy)).startsWith((byte) 0xEF, (byte) 0xBB, (byte) 0xBF);
        assertThat(Files.size(copy)).isEqualTo(Files.size(file) + 3);
        FileRepair.safe(Target.parse("openai:gpt-4o")).repair(file, copy);
        assertThat(Files.readAllBytes(copy)).isEqualTo(Files.readAllBytes(file));
        try (var all = Files.list(folder)) {
            all.map(Path::getFileName).forEach(names::add);
        }
        assertThat(names).hasSize(3);
    }
}
