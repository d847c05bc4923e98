package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
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

    /**
     * The chance 1 − (1 − J^8)^16 that a pair of similarity J is found, as published for these bands, held against pairs
     * whose J is known: 200 elements in all, J of them in both. The share of signature places that agree estimates J.
     */
    @Test
    void minHashFindsPairsAsOftenAsItsFormulaSays() {
        double[][] published = {{0.5, 0.061}, {0.6, 0.237}, {0.7, 0.613}, {0.75, 0.815}, {0.8, 0.947}, {0.85, 0.994},
                {0.9, 0.9999}};
        int pairs = 600;
        var random = new SplittableRandom(31);
        for (double[] row : published) {
            int shared = (int) Math.round(200 * row[0]);
            int size = (200 + shared) / 2;
            var sets = new ArrayList<long[]>();
            long agreeing = 0;
            for (int i = 0; i < pairs; i++) {
                long[] all = random.longs(200).toArray();
                sets.add(Arrays.stream(all, 0, size).sorted().toArray());
                sets.add(Arrays.stream(all, 200 - size, 200).sorted().toArray());
                assertThat(Shingles.jaccard(sets.get(2 * i), sets.get(2 * i + 1))).isEqualTo(row[0]);
                long[] left = MinHash.signature(sets.get(2 * i));
                long[] right = MinHash.signature(sets.get(2 * i + 1));
                for (int k = 0; k < left.length; k++) {
                    agreeing += left[k] == right[k] ? 1 : 0;
                }
            }
            assertWithinFourSigma(agreeing, (long) pairs * MinHash.BANDS * MinHash.ROWS, row[0]);
            boolean[] found = new boolean[pairs];
            MinHash.candidates(sets, (i, j) -> {
                assertThat(j / 2).as("only true pairs meet").isEqualTo(i / 2);
                found[i / 2] = true;
            });
            long recalled = IntStream.range(0, pairs).filter(i -> found[i]).count();
            double expected = 1 - Math.pow(1 - Math.pow(row[0], MinHash.ROWS), MinHash.BANDS);
            assertThat(expected).isCloseTo(row[1], within(6e-4));
            assertWithinFourSigma(recalled, pairs, expected);
        }
    }

    private static void assertWithinFourSigma(long hits, long trials, double chance) {
        assertThat((double) hits).isCloseTo(trials * chance,
                within(Math.max(2, 4 * Math.sqrt(trials * chance * (1 - chance)))));
    }

    @Test
    void aLargeBucketIsComparedWithItsFirstMembers() {
        assertThat(IntStream.of(0, 1, 2, 100, 101, 200, 10_000, 5_000_000).map(MinHash::leaders)).containsExactly(0, 1,
                2,
                100, 99, 50, 1, 1);
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

    /** The hand-written scanners find what the patterns that define them find, on random Unicode. */
    @Test
    void wordsAndSpacesAreThoseOfTheirPatterns() {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println("NearDuplicatesTest: -Dattune.seed=" + seed);
        var random = new SplittableRandom(seed);
        var word = Pattern.compile("[\\p{L}\\p{M}\\p{N}_]+|[^\\s\\p{L}\\p{M}\\p{N}_]");
        var space = Pattern.compile("[\\s\\p{Z}]+");
        for (int round = 0; round < 3000; round++) {
            var built = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                int c = switch (random.nextInt(4)) {
                    case 0 -> random.nextInt(128);
                    case 1 -> random.nextInt(0x3000);
                    case 2 -> "  \t\n\u00a0\u2028\u3000\u0085_a1".charAt(random.nextInt(11));
                    default -> random.nextInt(0x110000);
                };
                if (c < 0xD800 || c > 0xDFFF) {
                    built.appendCodePoint(c);
                }
            }
            String text = built.toString();
            assertThat(Shingles.wordHashes(text, Integer.MAX_VALUE)).as("%s", text)
                    .isEqualTo(word.matcher(text).results().mapToLong(found -> Shingles.hash(found.group())).toArray());
            String normal = Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
            assertThat(NormalText.of(text)).isEqualTo(space.matcher(normal).replaceAll(" ").strip());
        }
    }
}
