package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepetitionScanTest {
    private static final RowKey CUSTOMER = new RowKey("customer");
    private static final DatasetReader.Listener NOBODY = new DatasetReader.Listener() {
        @Override
        public void row(Row row) {}

        @Override
        public void problem(Problem problem) {}
    };

    @TempDir
    Path folder;

    /** Everything that a scan tells. */
    private static final class Heard implements RepetitionListener {
        final Map<String, List<List<Integer>>> exact = new LinkedHashMap<>();
        final Map<String, List<List<Integer>>> near = new LinkedHashMap<>();
        final Map<String, List<List<Integer>>> conflicts = new LinkedHashMap<>();
        final Map<String, List<Contradictions.Near>> nearConflicts = new LinkedHashMap<>();
        final List<Leak> leaks = new ArrayList<>();

        private static <T> void put(Map<String, List<T>> map, String file, T value) {
            map.computeIfAbsent(file, key -> new ArrayList<>()).add(value);
        }

        @Override
        public void duplicates(String file, List<Integer> lines, long rows) {
            assertThat(lines).hasSize((int) rows);
            put(exact, file, lines);
        }

        @Override
        public void nearDuplicates(String file, List<Integer> lines, long rows) {
            put(near, file, lines);
        }

        @Override
        public void contradiction(String file, AnswerKind answers, List<Integer> lines, long rows) {
            put(conflicts, file, lines);
        }

        @Override
        public void nearContradiction(String file, AnswerKind answers, Contradictions.Near pair) {
            put(nearConflicts, file, pair);
        }

        @Override
        public void leak(Leak leak) {
            leaks.add(leak);
        }
    }

    private static Dataset dataset(String name, List<String> lines) {
        return Dataset.parse(Path.of(name), String.join("\n", lines).getBytes(StandardCharsets.UTF_8), FilePart.TEST);
    }

    private static void read(RepetitionScan scan, Dataset dataset, FilePart part) {
        DatasetReader.Listener listener = scan.reading(dataset.source().toString(), part, NOBODY);
        dataset.rows().forEach(listener::row);
    }

    /** Sentences of which many repeat one that was before, some of them with a word more or other numbers. */
    private static final class Talk {
        private final SplittableRandom random;
        private final List<String> said = new ArrayList<>();

        Talk(SplittableRandom random) {
            this.random = random;
        }

        List<String> rows(int n, boolean labels) {
            var rows = new ArrayList<String>();
            for (int i = 0; i < n; i++) {
                String answer = labels ? "l" + random.nextInt(3) : words(1 + random.nextInt(12));
                String customer = random.nextInt(4) == 0
                        ? ",\"metadata\":{\"customer\":" + random.nextInt(30) + "}"
                        : "";
                String system = random.nextInt(3) == 0 ? "Be kind." : "Be brief.";
                String chat = Rows.chat(system, question(), answer);
                rows.add(chat.substring(0, chat.length() - 1) + customer + "}");
                if (random.nextInt(12) == 0) {
                    rows.add(rows.get(random.nextInt(rows.size())));
                }
            }
            return rows;
        }

        private String question() {
            String question = said.isEmpty() || random.nextInt(3) > 0
                    ? words(2 + random.nextInt(60))
                    : said.get(random.nextInt(said.size()));
            switch (random.nextInt(6)) {
                case 0 -> question = question + " please";
                case 1 -> question = question.toUpperCase();
                case 2 -> question = question + " number " + random.nextInt(100);
                default -> {
                }
            }
            said.add(question);
            return question;
        }

        private String words(int n) {
            return random.ints(n, 0, 400).mapToObj(i -> "w" + Integer.toString(i * 37, 30))
                    .collect(Collectors.joining(" "));
        }
    }

    @Test
    void theResultsAreThoseFoundInMemory() throws IOException {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println("RepetitionScanTest: -Dattune.seed=" + seed);
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 6; round++) {
            var talk = new Talk(random);
            boolean labels = round % 2 == 0;
            var train = dataset("train", talk.rows(20 + random.nextInt(200), labels));
            var validation = dataset("validation", talk.rows(1 + random.nextInt(60), labels));
            var test = dataset("test", talk.rows(1 + random.nextInt(60), labels));
            var heard = new Heard();
            List<Repetitions> counts;
            long budget = round % 3 == 0 ? 1 << 20 : 2000 + random.nextInt(20_000);
            try (var scan = RepetitionScan.open(folder, budget, CUSTOMER)) {
                read(scan, train, FilePart.TRAINING);
                read(scan, validation, FilePart.VALIDATION);
                read(scan, test, FilePart.TEST);
                counts = scan.finish(heard);
            }
            var all = List.of(train, validation, test);
            for (int f = 0; f < all.size(); f++) {
                assertSameAsInMemory(all.get(f), heard, counts.get(f));
            }
            assertThat(leaks(heard, train, validation)).isEqualTo(inMemory(train, validation));
            assertThat(leaks(heard, train, test)).isEqualTo(inMemory(train, test));
            assertThat(leaks(heard, validation, test)).isEqualTo(inMemory(validation, test));
            assertThat(counts.get(0).leaked()).isZero();
            assertThat(counts.get(1).leaked() + counts.get(2).leaked()).isEqualTo(heard.leaks.size());
            try (var left = Files.list(folder)) {
                assertThat(left).as("temporary files").isEmpty();
            }
        }
    }

    private static void assertSameAsInMemory(Dataset file, Heard heard, Repetitions counts) {
        String name = file.source().toString();
        var duplicates = Duplicates.of(file.rows(), new NearDuplicates(0, false));
        assertThat(heard.exact.getOrDefault(name, List.of())).isEqualTo(duplicates.exact());
        assertThat(heard.near.getOrDefault(name, List.of())).isEqualTo(duplicates.near());
        var contradictions = Contradictions.of(file.rows(), new NearDuplicates(0, false, AnswerConflict.NEAR));
        assertThat(heard.conflicts.getOrDefault(name, List.of())).isEqualTo(contradictions.groups());
        assertThat(heard.nearConflicts.getOrDefault(name, List.of())).isEqualTo(contradictions.near());
        assertThat(counts.file()).isEqualTo(name);
        assertThat(counts.rows()).isEqualTo(file.rows().size());
        assertThat(counts.exactSurplus()).isEqualTo(duplicates.exactSurplus());
        assertThat(counts.nearSurplus()).isEqualTo(duplicates.nearSurplus());
        assertThat(counts.conflicting()).isEqualTo(contradictions.rows());
        assertThat(counts.answers()).isEqualTo(contradictions.answers());
        assertThat(counts.conflictRate()).isCloseTo(contradictions.conflictRate(), within(1e-12));
        assertThat(counts.accuracyCeiling()).isCloseTo(contradictions.accuracyCeiling(), within(1e-12));
    }

    private static List<Leak> inMemory(Dataset before, Dataset heldOut) {
        return Leakage.find(before, heldOut, CUSTOMER, new NearDuplicates(0, false));
    }

    private static List<Leak> leaks(Heard heard, Dataset before, Dataset heldOut) {
        return heard.leaks.stream().filter(leak -> leak.training().equals(before.source().toString())
                && leak.heldOut().equals(heldOut.source().toString())).toList();
    }

    @Test
    void aFileIsScannedWhileItIsRead() throws IOException {
        Path train = Files.writeString(folder.resolve("train.jsonl"), String.join("\n",
                Rows.chat("Which colour has the sea today?", "blue"),
                Rows.chat("which colour has the SEA today?", "Blue"),
                Rows.chat("Is it red?", "yes"), "not JSON", Rows.chat("is it  red?", "no")));
        Path test = Files.writeString(folder.resolve("test.jsonl"), Rows.chat("Is it red?", "yes"));
        var problems = new ArrayList<String>();
        var readings = new ArrayList<Problem>();
        var listener = new DatasetReader.Listener() {
            @Override
            public void row(Row row) {}

            @Override
            public void problem(Problem problem) {
                readings.add(problem);
            }
        };
        try (var scan = RepetitionScan.open(folder, 4000, RowKey.NONE)) {
            DatasetReader.read(train, FilePart.TRAINING, scan.reading("train.jsonl", FilePart.TRAINING, listener));
            DatasetReader.read(test, FilePart.TEST, scan.reading("test.jsonl", FilePart.TEST, listener));
            var counts = scan.finish(RepetitionListener.of((file, problem) -> problems.add(file + " " + problem)));
            assertThat(counts.getFirst()).isEqualTo(new Repetitions("train.jsonl", FilePart.TRAINING, 4, 1, 0, 2,
                    AnswerKind.TEXT, 0.75, 0));
            assertThatThrownBy(() -> scan.finish(new Heard())).isInstanceOf(IllegalStateException.class);
        }
        assertThat(readings).extracting(Problem::code).contains("invalid_json");
        assertThat(problems).containsExactly(
                "train.jsonl line 2: the row repeats line 1; keep one, unless it should weigh more",
                "train.jsonl line 5: the row asks the same as line 3 and answers differently; decide for one answer",
                "test.jsonl line 1: the row asks the same as line 3 of train.jsonl, so it measures what was learned by heart; remove one of the two");
    }

    @Test
    void rowsThatAllFillInOneTemplateAreNotComparedEachWithEach() {
        var lines = new ArrayList<String>();
        for (int i = 0; i < 3000; i++) {
            lines.add(Rows.chat(
                    "Please be so kind and tell me what the very large number that follows here is called in words: "
                            + i,
                    "a" + i));
        }
        var heard = new Heard();
        try (var scan = RepetitionScan.open(folder, 1 << 20, RowKey.NONE)) {
            read(scan, dataset("train", lines), FilePart.TRAINING);
            scan.finish(heard);
        }
        assertThat(heard.near.get("train")).singleElement().satisfies(group -> assertThat(group).hasSize(1000));
        assertThat(heard.nearConflicts).isEmpty();
    }

    @Test
    void filesOfTheWrongOrderAndFoldersThatCannotBeAreRefused() throws IOException {
        try (var scan = RepetitionScan.open(folder, 1 << 20, RowKey.NONE)) {
            scan.reading("test", FilePart.TEST, NOBODY);
            assertThatThrownBy(() -> scan.reading("train", FilePart.TRAINING, NOBODY))
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("Training files are read first");
        }
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> RepetitionScan.open(file.resolve("in"), 1 << 20, RowKey.NONE))
                .isInstanceOf(DatasetException.class).hasMessageContaining("name a folder that can be written to");
    }
}
