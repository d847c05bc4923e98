package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitterTest {
    private static final String[] WORDS = ("river stone paper cloud window yellow seven garden silver engine market winter ladder orange"
            + " candle forest bridge monkey pencil rocket sailor velvet walnut zipper anchor basket copper dragon eagle falcon")
            .split(" ");

    private static String sentence(SplittableRandom random, int words) {
        return random.ints(words, 0, WORDS.length).mapToObj(i -> WORDS[i]).collect(Collectors.joining(" "));
    }

    private static List<String> lines(SplittableRandom random, int n) {
        var lines = new ArrayList<String>();
        String[] labels = {"billing", "shipping", "returns", "other"};
        for (int i = 0; i < n; i++) {
            String question = sentence(random, 4 + random.nextInt(40));
            lines.add(Rows.chat("Name the topic.", question, labels[random.nextInt(10) < 5 ? 0 : random.nextInt(4)]));
            while (random.nextInt(5) == 0) {
                lines.add(Rows.chat("Name the topic.", question + (random.nextBoolean() ? "!" : "  "),
                        labels[random.nextInt(4)]));
            }
        }
        return lines;
    }

    private static Set<Integer> numbers(List<Row> rows) {
        return rows.stream().map(Row::line).collect(Collectors.toSet());
    }

    @Test
    void aSplitLosesNothingLeaksNothingAndIsRepeatable() {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println("SplitterTest: -Dattune.seed=" + seed);
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 20; round++) {
            Dataset dataset = Rows.of(lines(random, 5 + random.nextInt(150)));
            double validation = random.nextInt(3) * 0.1;
            double test = random.nextInt(4) * 0.1;
            Split split = new DatasetSplitter(validation, test, round).split(dataset);
            assertThat(new DatasetSplitter(validation, test, round).split(dataset)).isEqualTo(split);
            Set<Integer> all = new HashSet<>(numbers(split.train()));
            all.addAll(numbers(split.validation()));
            all.addAll(numbers(split.test()));
            assertThat(all).hasSize(dataset.rows().size());
            assertThat(split.train().size() + split.validation().size() + split.test().size())
                    .isEqualTo(dataset.rows().size());
            assertThat(split.train()).isNotEmpty();
            assertThat(split.validation().isEmpty()).isEqualTo(validation == 0);
            assertThat(split.test().isEmpty()).isEqualTo(test == 0);
            assertThat(split.notes()).isEmpty();
            assertNoLeak(split.train(), split.test());
            assertNoLeak(split.train(), split.validation());
            assertNoLeak(split.validation(), split.test());
            if (dataset.rows().size() > 60) {
                assertThat((double) split.test().size() / dataset.rows().size()).isCloseTo(test, within(0.04));
                assertThat((double) split.validation().size() / dataset.rows().size()).isCloseTo(validation,
                        within(0.04));
            }
        }
    }

    /** By brute force: no question of one part has a Jaccard similarity of 0.8 to one of the other. */
    private static void assertNoLeak(List<Row> one, List<Row> other) {
        List<String> lefts = one.stream().map(NormalText::question).toList();
        List<String> rights = other.stream().map(NormalText::question).toList();
        assertThat(lefts.stream().anyMatch(new HashSet<>(rights)::contains)).isFalse();
        assertNoneNear(lefts.stream().map(Shingles::words).toList(), rights.stream().map(Shingles::words).toList());
        assertNoneNear(lefts.stream().map(Shingles::characters).toList(),
                rights.stream().map(Shingles::characters).toList());
    }

    private static void assertNoneNear(List<long[]> lefts, List<long[]> rights) {
        for (long[] left : lefts) {
            for (long[] right : rights) {
                if (Shingles.jaccard(left, right) >= 0.8) {
                    throw new AssertionError("A near-duplicate stands in two parts.");
                }
            }
        }
    }

    @Test
    void labelsAreSharedOutEvenly() {
        var random = new SplittableRandom(8);
        var lines = new ArrayList<String>();
        for (int i = 0; i < 400; i++) {
            lines.add(Rows.chat(sentence(random, 30),
                    "{\"priority\":\"" + (i % 2 == 0 ? "high" : "low") + "\",\"category\":\"c"
                            + (i % 20 == 0 ? 0 : 1 + i % 4) + "\"}"));
        }
        Split split = new DatasetSplitter(0.1, 0.2, 3).split(Rows.of(lines));
        assertThat(split.train()).hasSize(280);
        assertThat(split.validation()).hasSize(40);
        assertThat(split.test()).hasSize(80);
        assertThat(split.test().stream().filter(row -> row.output().contains("\"c0\"")).count()).isEqualTo(4);
        assertThat(split.validation().stream().filter(row -> row.output().contains("\"c0\"")).count()).isEqualTo(2);
    }

    @Test
    void anotherSeedIsAnotherSplit() {
        Dataset dataset = Rows.of(lines(new SplittableRandom(1), 100));
        assertThat(new DatasetSplitter(0.1, 0.2, 1).split(dataset))
                .isNotEqualTo(new DatasetSplitter(0.1, 0.2, 2).split(dataset));
    }

    @Test
    void rowsThatFillInOneTemplateAreToldByWhatDiffers() {
        var random = new SplittableRandom(6);
        var lines = Stream.generate(() -> WORDS[random.nextInt(WORDS.length)] + random.nextInt(1000)).distinct()
                .limit(300)
                .map(word -> Rows.chat(
                        "Please be so kind and write the following word in capital letters for me: " + word,
                        word.toUpperCase()))
                .toList();
        Split split = new DatasetSplitter(0.1, 0.2, 1).split(Rows.of(lines));
        assertThat(split.notes()).singleElement().asString().startsWith("Most rows fill in one template");
        assertThat(split.test()).hasSizeBetween(50, 70);
        assertThat(split.validation()).hasSizeBetween(20, 40);
    }

    @Test
    void aLargeGroupOfNearDuplicatesStaysWholeInTheLargestPart() {
        var random = new SplittableRandom(2);
        String story = sentence(random, 80);
        var lines = new ArrayList<String>();
        for (int i = 0; i < 50; i++) {
            lines.add(Rows.chat(story + " " + i, "yes"));
            lines.add(Rows.chat(sentence(random, 50), "no"));
        }
        Split split = new DatasetSplitter(0.1, 0.2, 1).split(Rows.of(lines));
        assertThat(split.notes()).isEmpty();
        assertThat(split.train().stream().filter(row -> row.output().equals("yes")).count()).isEqualTo(50);
        assertThat(split.test()).hasSize(20);
        assertThat(split.validation()).hasSize(10);
    }

    @Test
    void tooFewRowsAreRefusedInOneSentence() {
        assertThatThrownBy(() -> new DatasetSplitter(0.1, 0.2, 1)
                .split(Rows.of(List.of(Rows.chat("q", "a"), Rows.chat("r", "b")))))
                .isInstanceOf(DatasetException.class)
                .hasMessage("rows.jsonl has 2 row(s) that can be trained on, too few for 3 parts; add rows.");
        assertThatThrownBy(() -> new DatasetSplitter(0.1, 0.2, 1)
                .split(Rows.of(List.of(Rows.chat("q", "a"), Rows.chat("Q ", "b"), Rows.chat("q", "c")))))
                .isInstanceOf(DatasetException.class).hasMessageContaining("form only 1 group(s)");
        assertThatThrownBy(() -> new DatasetSplitter(0.5, 0.5, 1)).isInstanceOf(DatasetException.class)
                .hasMessageContaining("add up to less than 1");
        assertThatThrownBy(() -> new DatasetSplitter(Double.NaN, 0.5, 1)).isInstanceOf(DatasetException.class);
    }

    @Test
    void threeRowsThatDifferGiveEachPartOne() {
        Split split = new DatasetSplitter(0.1, 0.2, 1)
                .split(Rows.of(List.of(Rows.chat("apples?", "a"), Rows.chat("the weather today", "b"),
                        Rows.chat("my invoice", "c"))));
        assertThat(List.of(split.train().size(), split.validation().size(), split.test().size())).containsExactly(1, 1,
                1);
    }

    @Test
    void writtenPartsAreTheLinesAsTheyWereRead(@TempDir Path folder) throws IOException {
        Dataset dataset = Rows.of(lines(new SplittableRandom(4), 40));
        Split split = new DatasetSplitter(0, 0.25, 1).split(dataset);
        split.write(folder.resolve("parts"));
        split.write(folder.resolve("parts"));
        try (var files = Files.list(folder.resolve("parts"))) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("train.jsonl",
                    "test.jsonl");
        }
        assertThat(Dataset.read(folder.resolve("parts/test.jsonl"), FilePart.TEST).rows()).extracting(Row::json)
                .isEqualTo(split.test().stream().map(Row::json).toList());
    }
}
