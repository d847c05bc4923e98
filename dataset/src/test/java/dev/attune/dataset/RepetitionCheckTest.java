package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What repeats, found in memory and on disk. */
class RepetitionCheckTest {
    private static final Path TRAIN = Path.of("train.jsonl");
    private static final Path TEST = Path.of("test.jsonl");
    private static final RowKey CUSTOMER = new RowKey("customer");

    @TempDir
    Path folder;

    /** What a check tells: its counts, and each problem with its file. */
    private record Told(List<Repetitions> counts, TreeSet<String> problems, boolean scanned) {}

    private Told check(long mostHeld, Map<Path, List<String>> files) {
        var problems = new TreeSet<String>();
        try (var check = RepetitionCheck.open(folder, CUSTOMER, mostHeld)) {
            for (Path file : List.of(TRAIN, TEST)) {
                check.begin(file.toString(), file.equals(TRAIN) ? FilePart.TRAINING : FilePart.TEST);
                byte[] content = (String.join("\n", files.getOrDefault(file, List.of())) + "\n")
                        .getBytes(StandardCharsets.UTF_8);
                Dataset.parse(file, content, FilePart.TEST).rows().forEach(check::add);
            }
            List<Repetitions> counts = check
                    .finish((file, problem) -> problems.add(file + " " + problem.code() + " " + problem));
            return new Told(counts, problems, check.isScanned());
        }
    }

    private static String ofCustomer(String customer, String question, String answer) {
        return Rows.chat(question, answer).replaceFirst("\\{", "{\"customer\":\"" + customer + "\",");
    }

    /** Rows that differ, and then some that repeat, contradict and leak. */
    private static Map<Path, List<String>> files() {
        var random = new SplittableRandom(11);
        var train = new ArrayList<String>();
        for (int i = 0; i < 60; i++) {
            train.add(ofCustomer("c" + i, "Where is parcel " + random.nextInt(1 << 30) + " that left "
                    + Long.toString(random.nextLong(1L << 40), 36) + " for "
                    + Long.toString(random.nextLong(1L << 40), 36)
                    + "?",
                    "It is in hall " + random.nextInt(1 << 20) + " of "
                            + Long.toString(random.nextLong(1L << 40), 36)
                            + " and leaves at " + i + "."));
        }
        String bicycle = "Please tell me at once where the blue bicycle with the two baskets went that I gave to your driver on Monday morning before nine";
        String at = "It stands in the hall of the depot in Graz behind the second door on the left and can be fetched there until eight in the evening.";
        train.add(ofCustomer("x", bicycle + " today", at));
        train.add(ofCustomer("y", bicycle + " today", at.replace(" Graz", "  Graz")));
        train.add(ofCustomer("z", bicycle + " today or so", at));
        train.add(ofCustomer("q", "What does it cost?", "Nothing."));
        train.add(ofCustomer("r", "What does it cost?", "Nine francs."));
        return Map.of(TRAIN, train, TEST,
                List.of(ofCustomer("n1", "what does it  cost?", "Ten."), ofCustomer("c7", "Who is it?", "It is me."),
                        ofCustomer("n2", "Why is the moon out by day?", "Because it is."),
                        ofCustomer("n3", bicycle + " right now", "It is gone.")));
    }

    @Test
    void onDiskTheSameIsFoundAsInMemory() throws IOException {
        Told held = check(Long.MAX_VALUE, files());
        Told scanned = check(0, files());
        assertThat(held.scanned).isFalse();
        assertThat(scanned.scanned).isTrue();
        assertThat(scanned.problems).isEqualTo(held.problems);
        assertThat(scanned.counts).isEqualTo(held.counts);
        assertThat(held.problems).anyMatch(problem -> problem.startsWith("train.jsonl duplicate_row line 62:"))
                .anyMatch(problem -> problem.startsWith("train.jsonl near_duplicate_row"))
                .anyMatch(problem -> problem.startsWith("train.jsonl contradiction line 65:"))
                .anyMatch(problem -> problem.startsWith("test.jsonl leaked_row line 1:"))
                .anyMatch(problem -> problem.startsWith("test.jsonl leaked_group line 2:"))
                .anyMatch(problem -> problem.startsWith("test.jsonl leaked_row line 4:"))
                .noneMatch(problem -> problem.contains("line 3:"));
        assertThat(held.counts).extracting(Repetitions::exactSurplus).containsExactly(1L, 0L);
        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void whatIsHeldGoesToDiskInTheMiddleOfAFile() {
        Told held = check(Long.MAX_VALUE, files());
        for (long most : new long[]{500, 5_000, 12_000}) {
            Told changed = check(most, files());
            assertThat(changed.scanned).isTrue();
            assertThat(changed.problems).as("at %d characters", most).isEqualTo(held.problems);
        }
    }

    @Test
    void aClusterOfMostRowsIsNamedOnce() {
        var rows = new ArrayList<>(files().getOrDefault(TRAIN, List.of()));
        for (int i = 0; i < 40; i++) {
            rows.add(ofCustomer("k" + i, "How do I clean it?", "With a damp cloth."));
        }
        for (long most : new long[]{0, Long.MAX_VALUE}) {
            assertThat(check(most, Map.of(TRAIN, rows)).problems)
                    .filteredOn(problem -> problem.contains("near_duplicate_cluster")).singleElement().asString()
                    .contains("40 of 105 rows");
        }
    }

    @Test
    void rowsThatDifferHaveNoProblem() {
        var rows = List.copyOf(files().getOrDefault(TRAIN, List.of()).subList(0, 60));
        for (long most : new long[]{0, Long.MAX_VALUE}) {
            Told told = check(most, Map.of(TRAIN, rows.subList(0, 40), TEST, rows.subList(40, 60)));
            assertThat(told.problems).noneMatch(problem -> problem.contains("leaked_row"))
                    .noneMatch(problem -> problem.contains("duplicate"));
            assertThat(told.counts).extracting(Repetitions::accuracyCeiling).containsExactly(1.0, 1.0);
        }
    }
}
