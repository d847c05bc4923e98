package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class NearDuplicatesTest {

    private static List<List<Integer>> groups(NearDuplicates near, String... texts) {
        var components = new Components(texts.length);
        near.join(List.of(texts), components);
        return components.groups().stream().filter(group -> group.size() > 1).toList();
    }

    @Test
    void shortTextsAreComparedByCharactersAndLongOnesByWords() {
        assertThat(groups(new NearDuplicates(), "where is my parcel 1234?", "where is my parcel 1235?",
                "i want my money back"))
                .containsExactly(List.of(0, 1));
        String story = "the quick brown fox jumps over the lazy dog while seven wizards mix toxic fluid for an evil queen and a jealous zebra "
                + "vows revenge on the bankers who lost the treasure in the deep blue sea near the old stone harbour";
        assertThat(groups(new NearDuplicates(), story, story + " again",
                "an unrelated text of some length that speaks about the price of fish at the market in the morning"))
                .containsExactly(List.of(0, 1));
    }

    @Test
    void elevenAndTwelveWordsCanMeet() {
        String eleven = "please tell me when the new blue bicycle will be delivered";
        assertThat(Shingles.words(eleven)).isEmpty();
        assertThat(groups(new NearDuplicates(), eleven, eleven + " ok")).containsExactly(List.of(0, 1));
    }

    @Test
    void textsWithoutWordsAreNoFault() {
        assertThat(groups(new NearDuplicates(), "", "?", "??", "", "a")).containsExactly(List.of(0, 3));
    }

    @Test
    void jaccardIsSharedOverAll() {
        assertThat(Shingles.jaccard(new long[]{1, 2, 3}, new long[]{2, 3, 4})).isEqualTo(0.5);
        assertThat(Shingles.jaccard(new long[]{}, new long[]{})).isZero();
    }

    /** The share of signature places that agree estimates J, and the share of pairs found follows 1 − (1 − J^8)^16. */
    @Test
    void minHashFindsPairsAsOftenAsItsFormulaSays() {
        var random = new SplittableRandom(31);
        for (double target : new double[]{0.5, 0.7, 0.8, 0.9}) {
            int pairs = 300;
            int size = 200;
            int shared = (int) Math.round(2 * size * target / (1 + target));
            var sets = new ArrayList<long[]>();
            double agreeing = 0;
            for (int i = 0; i < pairs; i++) {
                long[] all = random.longs(2L * size - shared).toArray();
                long[] a = Arrays.stream(all, 0, size).sorted().toArray();
                long[] b = Arrays.stream(all, size - shared, all.length).sorted().toArray();
                sets.add(a);
                sets.add(b);
                long[] left = MinHash.signature(a);
                long[] right = MinHash.signature(b);
                for (int k = 0; k < left.length; k++) {
                    agreeing += left[k] == right[k] ? 1.0 / left.length / pairs : 0;
                }
            }
            double jaccard = Shingles.jaccard(sets.get(0), sets.get(1));
            assertThat(agreeing).isCloseTo(jaccard, within(0.02));
            boolean[] found = new boolean[pairs];
            MinHash.candidates(sets, (i, j) -> {
                assertThat(j / 2).as("only true pairs meet").isEqualTo(i / 2);
                found[i / 2] = true;
            });
            int recalled = 0;
            for (boolean one : found) {
                recalled += one ? 1 : 0;
            }
            double expected = 1 - Math.pow(1 - Math.pow(jaccard, MinHash.ROWS), MinHash.BANDS);
            assertThat((double) recalled / pairs).isCloseTo(expected, within(0.08));
        }
    }

    @Test
    void noPairIsMissed() {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println("NearDuplicatesTest: -Dattune.seed=" + seed);
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 30; round++) {
            int elements = 5 + random.nextInt(40);
            var sets = new ArrayList<long[]>();
            for (int i = 0; i < 80; i++) {
                double share = random.nextDouble();
                sets.add(LongStream.range(0, elements).filter(element -> random.nextDouble() < share).toArray());
            }
            var found = new HashSet<List<Integer>>();
            PrefixFilter.candidates(sets, 0.8, (i, j) -> assertThat(found.add(List.of(i, j))).as("told once").isTrue());
            for (int i = 0; i < sets.size(); i++) {
                for (int j = i + 1; j < sets.size(); j++) {
                    if (Shingles.jaccard(sets.get(i), sets.get(j)) >= 0.8) {
                        assertThat(found).contains(List.of(i, j));
                    }
                }
            }
        }
    }

    @Test
    void manyTextsAreGroupedAsByComparingEveryPair() {
        var random = new SplittableRandom(5);
        var texts = new ArrayList<String>();
        for (int i = 0; i < 300; i++) {
            var text = new StringBuilder();
            for (int w = 0; w < 60; w++) {
                text.append("w").append(random.nextInt(500)).append(' ');
            }
            texts.add(text.toString().strip());
            if (i % 3 == 0) {
                texts.add(text + "one");
            }
        }
        var exact = new Components(texts.size());
        new NearDuplicates().join(texts, exact);
        var hashed = new Components(texts.size());
        new NearDuplicates(0, false).join(texts, hashed);
        assertThat(exact.groups()).hasSize(300);
        assertThat(hashed.groups()).isEqualTo(exact.groups());
    }
}
