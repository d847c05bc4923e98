package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a split promises in each of its modes. */
class SplitModesTest {
    private static final RowKey CUSTOMER = new RowKey("customer");

    private static String with(String chat, String keys) {
        return chat.substring(0, chat.length() - 1) + "," + keys + "}";
    }

    private static String sentence(SplittableRandom random, int words) {
        return random.ints(words, 0, 5000).mapToObj(i -> Integer.toString(i * 7919 + 40_000, 36))
                .collect(Collectors.joining(" "));
    }

    /** Rows of which one in three repeats or nearly repeats an earlier question. */
    private static List<String> lines(SplittableRandom random, int n, BiConsumer<Integer, StringBuilder> keys) {
        var said = new ArrayList<String>();
        var lines = new ArrayList<String>();
        for (int i = 0; i < n; i++) {
            String question = !said.isEmpty() && random.nextInt(3) == 0
                    ? said.get(random.nextInt(said.size())) + (random.nextBoolean() ? "" : "!")
                    : sentence(random, 6 + random.nextInt(40));
            said.add(question);
            var own = new StringBuilder();
            keys.accept(i, own);
            lines.add(with(Rows.chat(question, sentence(random, 4)), own.toString()));
        }
        return lines;
    }

    private static Map<Integer, String> partOf(Split split) {
        var part = new HashMap<Integer, String>();
        split.train().forEach(row -> assertThat(part.put(row.line(), "train")).isNull());
        split.validation().forEach(row -> assertThat(part.put(row.line(), "validation")).isNull());
        split.test().forEach(row -> assertThat(part.put(row.line(), "test")).isNull());
        split.report().leftOut().forEach(line -> assertThat(part.put(line, "none")).isNull());
        return part;
    }

    /** By brute force: no pair across parts has the same group, or a question or whole row of similarity 0.8. */
    private static void assertNothingCrosses(Dataset dataset, Split split, RowKey group) {
        Map<Integer, String> part = partOf(split);
        List<Row> rows = dataset.rows();
        assertThat(part).hasSize(rows.size());
        for (var view : List.<Function<Row, long[]>>of(
                row -> Shingles.characters(NormalText.question(row)), row -> Shingles.words(NormalText.question(row)),
                row -> Shingles.characters(NormalText.whole(row)), row -> Shingles.words(NormalText.whole(row)))) {
            List<long[]> sets = rows.stream().map(view).toList();
            for (int i = 0; i < rows.size(); i++) {
                for (int j = 0; j < i; j++) {
                    String one = part.get(rows.get(i).line());
                    String other = part.get(rows.get(j).line());
                    boolean sameGroup = group.in(rows.get(i)).isPresent()
                            && group.in(rows.get(i)).equals(group.in(rows.get(j)));
                    if (!one.equals(other) && !one.equals("none") && !other.equals("none")
                            && (sameGroup || Shingles.jaccard(sets.get(i), sets.get(j)) >= 0.8)) {
                        throw new AssertionError("Lines " + rows.get(i).line() + " and " + rows.get(j).line()
                                + " belong together, but stand in " + one + " and " + other + ".");
                    }
                }
            }
        }
    }

    @Test
    void groupsAndNearDuplicatesStayTogetherInEveryMode() {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println("SplitModesTest: -Dattune.seed=" + seed);
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 9; round++) {
            int n = 30 + random.nextInt(120);
            Dataset dataset = Rows.of(lines(random, n, (i, keys) -> keys.append("\"metadata\":{\"customer\":")
                    .append(random.nextInt(n)).append(",\"when\":").append(1_700_000_000 + random.nextInt(100_000))
                    .append('}')));
            SplitMode mode = List.of(new SplitMode.Balanced(), new SplitMode.Sticky(),
                    new SplitMode.Temporal(new RowKey("/metadata/when"))).get(round % 3);
            SplitPlan plan = SplitPlan.of(0.1, 0.2, round).groupedBy(CUSTOMER).withMode(mode);
            Split split = new DatasetSplitter(plan).split(dataset);
            assertThat(new DatasetSplitter(plan).split(dataset)).isEqualTo(split);
            assertNothingCrosses(dataset, split, CUSTOMER);
            assertThat(split.report().leftOut().isEmpty() || mode instanceof SplitMode.Sticky).isTrue();
            assertThat(split.report().parts().stream().mapToInt(SplitReport.Part::rows).sum()
                    + split.report().leftOut().size()).isEqualTo(n);
            split.report().together().forEach(group -> {
                assertThat(group.links()).hasSize(group.lines().size() - 1);
                assertThat(group.bonds()).isNotEmpty();
            });
        }
    }

    @Test
    void appendedRowsNeverMoveThoseBefore() {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println("SplitModesTest: -Dattune.seed=" + seed);
        var random = new SplittableRandom(seed);
        var splitter = new DatasetSplitter(
                SplitPlan.of(0.2, 0.3, random.nextLong()).groupedBy(CUSTOMER).withMode(new SplitMode.Sticky()));
        var lines = lines(random, 200,
                (i, keys) -> keys.append("\"customer\":\"c").append(random.nextInt(60)).append('"'));
        Map<Integer, String> whole = partOf(splitter.split(Rows.of(lines)));
        for (int n = 5; n < lines.size(); n += 1 + random.nextInt(40)) {
            Map<Integer, String> before = partOf(splitter.split(Rows.of(lines.subList(0, n))));
            assertThat(whole).containsAllEntriesOf(before);
        }
    }

    @Test
    void aRowThatIsCloseToTwoPartsIsLeftOutAndNamed() {
        Split split = stickyBridge();
        assertThat(split.report().leftOut()).containsExactly(3);
        assertThat(split.notes()).anyMatch(note -> note.startsWith("1 row(s) are close to rows of two parts"));
    }

    /** Two customers of whom one falls to training and the other to the test, and a row of the one that asks like the other. */
    private static Split stickyBridge() {
        String first = Stream.iterate(0, i -> i + 1).map(i -> "c" + i)
                .filter(id -> StickyDeal.uniform(1, id) < 0.5).findFirst().orElseThrow();
        String second = Stream.iterate(0, i -> i + 1).map(i -> "c" + i)
                .filter(id -> StickyDeal.uniform(1, id) >= 0.5).findFirst().orElseThrow();
        return new DatasetSplitter(SplitPlan.of(0, 0.5, 1).groupedBy(CUSTOMER).withMode(new SplitMode.Sticky()))
                .split(Rows.of(List.of(with(Rows.chat("where is my parcel", "a"), "\"customer\":\"" + first + "\""),
                        with(Rows.chat("something else altogether", "b"), "\"customer\":\"" + second + "\""),
                        with(Rows.chat("Where is my parcel", "c"), "\"customer\":\"" + second + "\""))));
    }

    @Test
    void aHashDecidesTheShareOfTheStickyMode() {
        assertThat(StickyDeal.uniform(1, "a")).isEqualTo(StickyDeal.uniform(1, "a"))
                .isNotEqualTo(StickyDeal.uniform(2, "a"));
        assertThat(IntStream.range(0, 4000).mapToDouble(i -> StickyDeal.uniform(7, "row " + i)).filter(u -> u < 0.2)
                .count()
                / 4000.0).isCloseTo(0.2, within(0.03));
    }

    @Test
    void theNewestRowsAreTheTest() {
        var random = new SplittableRandom(4);
        var lines = IntStream.range(0, 100).mapToObj(i -> with(Rows.chat(sentence(random, 20), sentence(random, 5)),
                "\"when\":\"2026-%02d-%02dT10:00:00+02:00\"".formatted(1 + i * 37 % 100 / 10, 1 + i * 37 % 100 % 10)))
                .toList();
        Split split = new DatasetSplitter(
                SplitPlan.of(0.1, 0.2, 1).withMode(new SplitMode.Temporal(new RowKey("when")))).split(Rows.of(lines));
        assertThat(split.test()).hasSize(20).allMatch(row -> time(row).isAfter(Instant.parse("2026-08-31T00:00:00Z")));
        assertThat(split.validation()).hasSize(10).allMatch(row -> row.json().contains("2026-08-"));
        assertThat(split.notes())
                .containsExactly("Training ends with 2026-07-10T08:00:00Z; all held-out rows are from then or later.");
    }

    private static Instant time(Row row) {
        return RowTime.of(row.raw().get("when")).orElseThrow();
    }

    @Test
    void anOldRowGoesWithItsNewDuplicate() {
        var lines = new ArrayList<String>();
        var random = new SplittableRandom(9);
        lines.add(with(Rows.chat("where is my parcel", "a"), "\"when\":100"));
        for (int i = 0; i < 8; i++) {
            lines.add(with(Rows.chat(sentence(random, 20), "x" + sentence(random, 3)), "\"when\":" + (200 + i)));
        }
        lines.add(with(Rows.chat("Where is my parcel", "a"), "\"when\":1000.5"));
        Split split = new DatasetSplitter(SplitPlan.of(0, 0.2, 1).withMode(new SplitMode.Temporal(new RowKey("when"))))
                .split(Rows.of(lines));
        assertThat(split.test()).extracting(Row::line).containsExactly(1, 10);
        assertThat(split.notes().getLast()).contains("1 older row(s) are held out");
    }

    @Test
    void rowsWithoutATimeAreNamed() {
        var lines = List.of(with(Rows.chat("apples", "a"), "\"when\":\"2026-01-05\""),
                with(Rows.chat("the weather today", "b"), "\"when\":\"yesterday\""),
                with(Rows.chat("my last invoice", "b"), "\"when\":1700000000000"), Rows.chat("do you sell lamps", "c"));
        assertThatThrownBy(() -> new DatasetSplitter(
                SplitPlan.of(0, 0.3, 1).withMode(new SplitMode.Temporal(new RowKey("when")))).split(Rows.of(lines)))
                .isInstanceOf(DatasetException.class)
                .hasMessage(
                        "3 row(s) have no time in 'when' (line 2, 3, 4); write an ISO date such as 2026-11-20 or 2026-11-20T09:30:00Z, or seconds since 1970.");
    }

    @Test
    void timesAreReadAsTheyAreWritten() {
        Instant noon = Instant.parse("2026-03-01T12:00:00Z");
        for (Object same : List.of("2026-03-01T12:00:00Z", "2026-03-01T13:00:00+01:00", "2026-03-01T12:00:00",
                "2026-03-01 12:00:00", noon.getEpochSecond(), String.valueOf(noon.getEpochSecond()))) {
            assertThat(RowTime.of(same)).as("%s", same).contains(noon);
        }
        assertThat(RowTime.of("2026-03-01")).contains(Instant.parse("2026-03-01T00:00:00Z"));
        assertThat(RowTime.of(new BigDecimal("-1.5"))).contains(Instant.ofEpochMilli(-1500));
        for (Object none : List.of("", "soon", "2026-13-01", "01.03.2026", noon.toEpochMilli(), true)) {
            assertThat(RowTime.of(none)).as("%s", none).isEmpty();
        }
    }

    @Test
    void largeGroupsAreSharedOutWithTheirLabels() {
        var random = new SplittableRandom(3);
        var lines = new ArrayList<String>();
        for (int customer = 0; customer < 100; customer++) {
            for (int i = 0; i < 4; i++) {
                lines.add(with(Rows.chat(sentence(random, 30), customer % 4 == 0 ? "rare" : "common"),
                        "\"customer\":" + customer));
            }
        }
        Split split = new DatasetSplitter(SplitPlan.of(0.1, 0.2, 5).groupedBy(CUSTOMER)).split(Rows.of(lines));
        assertThat(split.report().stratifiedBy()).isEqualTo("the answer");
        assertThat(split.report().strata()).containsExactly(new SplitReport.Stratum("common", 212, 28, 60),
                new SplitReport.Stratum("rare", 68, 12, 20));
        assertThat(split.report().together()).hasSize(100)
                .allMatch(group -> group.bonds().equals(Set.of(Bond.SAME_GROUP)));
    }

    @Test
    void withoutLabelsLengthAndSourceAreSharedOut() {
        var random = new SplittableRandom(3);
        var lines = new ArrayList<String>();
        for (int i = 0; i < 200; i++) {
            lines.add(with(Rows.chat(sentence(random, i % 2 == 0 ? 3 : 60), sentence(random, 6)),
                    "\"source\":\"" + (i % 4 < 2 ? "mail" : "chat") + "\""));
        }
        Split split = new DatasetSplitter(0, 0.2, 5).split(Rows.of(lines));
        assertThat(split.report().stratifiedBy()).isEqualTo("length and source");
        assertThat(split.report().strata().stream().map(SplitReport.Stratum::test))
                .allMatch(rows -> rows >= 8 && rows <= 12);
        Split bySource = new DatasetSplitter(SplitPlan.of(0, 0.2, 5).stratifiedBy(new RowKey("source")))
                .split(Rows.of(lines));
        assertThat(bySource.report().strata()).containsExactly(new SplitReport.Stratum("chat", 80, 0, 20),
                new SplitReport.Stratum("mail", 80, 0, 20));
    }

    @Test
    void nearDuplicatesMayBeLetApart() {
        var lines = new ArrayList<String>();
        var random = new SplittableRandom(1);
        String story = sentence(random, 60);
        for (int i = 0; i < 20; i++) {
            lines.add(Rows.chat(story + " " + i, "yes"));
            lines.add(Rows.chat(story + " " + i + " ", "no"));
        }
        Split split = new DatasetSplitter(SplitPlan.of(0, 0.25, 1).nearApart()).split(Rows.of(lines));
        assertThat(split.test()).hasSize(10);
        Set<String> trained = split.train().stream().map(NormalText::question).collect(Collectors.toSet());
        assertThat(split.test()).noneMatch(row -> trained.contains(NormalText.question(row)));
        assertThat(split.notes()).containsExactly("Near-duplicates may stand in different parts, as was asked for.");
    }

    @Test
    void aGroupKeyThatNoRowHasIsRefused() {
        assertThatThrownBy(() -> new DatasetSplitter(SplitPlan.of(0, 0.5, 1).groupedBy(new RowKey("costumer")))
                .split(Rows.of(List.of(Rows.chat("a", "b"), Rows.chat("c", "d")))))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("No row of rows.jsonl has the group key 'costumer'");
    }

    @Test
    void keysAreFoundByNameUnderMetadataAndByPointer() {
        Row row = Rows.of(List.of(with(Rows.chat("q", "a"),
                "\"id\":7,\"metadata\":{\"user\":\"u\",\"a/b\":{\"y\":1,\"x\":[true]},\"id\":8,\"none\":null}"))).rows()
                .getFirst();
        assertThat(new RowKey("id").in(row)).contains("7");
        assertThat(new RowKey("user").in(row)).contains("u");
        assertThat(new RowKey("/metadata/id").in(row)).contains("8");
        assertThat(new RowKey("/metadata/a~1b/x/0").in(row)).contains("true");
        assertThat(new RowKey("a/b").in(row)).contains("{\"x\":[true],\"y\":1}");
        assertThat(new RowKey("/messages/0/content").in(row)).contains("q");
        for (String none : List.of("", "none", "other", "/messages/9/content", "/messages/x", "/id/x")) {
            assertThat(new RowKey(none).in(row)).as(none).isEmpty();
        }
    }

    @Test
    void theSmallestDifferenceIsThatOfTheFormula() {
        assertThat(DetectableDifference.of(40).difference()).isCloseTo(0.198, within(5e-4));
        assertThat(DetectableDifference.of(100, 0.1).difference()).isCloseTo(0.0886, within(5e-5));
        assertThat(DetectableDifference.of(0).difference()).isEqualTo(1);
        assertThat(DetectableDifference.of(39).isPossible()).isFalse();
        assertThat(DetectableDifference.of(40).sentence()).isEqualTo(
                "With 40 test rows, a difference of 19.8 percentage points or more can be shown where two models part ways on 20 % of them.");
        assertThat(DetectableDifference.of(10).sentence())
                .endsWith("on 20 % of them, so none; more test rows are needed.");
        assertThatThrownBy(() -> DetectableDifference.of(5, 0)).isInstanceOf(DatasetException.class);
    }

    @Test
    void otherHeldOutRowsChangeTheReport() {
        var lines = lines(new SplittableRandom(2), 50, (i, keys) -> keys.append("\"n\":").append(i));
        Split split = new DatasetSplitter(0, 0.2, 1).split(Rows.of(lines));
        Split other = split.holdingOut(List.of(), split.test().subList(0, 5), List.of("Note."));
        assertThat(other.test()).hasSize(5);
        assertThat(other.report().parts().getLast().rows()).isEqualTo(5);
        assertThat(other.report().detectable().rows()).isEqualTo(5);
        assertThat(other.notes()).endsWith("Note.");
        assertThat(new HashSet<>(other.train())).isEqualTo(new HashSet<>(split.train()));
    }
}
