package dev.attune.evals.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.evals.EditDistance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fast ways against the plain ones, over texts of every length about 64. */
class SimilarityTest {
    private final long seed = Long.getLong("attune.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    private int[] letters(int most, int kinds) {
        return random.ints(random.nextInt(most + 1), 0, kinds).toArray();
    }

    @Test
    void editsAreThoseOfTheWholeTable() {
        System.out.println("SimilarityTest: -Dattune.seed=" + seed);
        for (int round = 0; round < 1_500; round++) {
            int kinds = 1 + random.nextInt(6);
            int[] a = letters(200, kinds);
            int[] b = letters(200, kinds);
            assertThat(EditDistance.of(a, b)).isEqualTo(table(a, b)).isEqualTo(EditDistance.of(b, a));
        }
    }

    private static int table(int[] a, int[] b) {
        int[] row = new int[b.length + 1];
        for (int j = 0; j <= b.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length; i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length; j++) {
                int change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length];
    }

    @Test
    void commonSubsequencesAndRunsAreThoseCountedOneByOne() {
        System.out.println("SimilarityTest: -Dattune.seed=" + seed);
        for (int round = 0; round < 600; round++) {
            int kinds = 1 + random.nextInt(12);
            String a = text(letters(130, kinds));
            String b = text(letters(130, kinds));
            if (!a.isEmpty() && !b.isEmpty()) {
                assertThat(Similarity.rougeL(a, b)).isCloseTo(plainRougeL(a.split(" "), b.split(" ")), within(1e-12));
                assertThat(ChrF.of(a, b)).isCloseTo(plainChrF(a.replace(" ", ""), b.replace(" ", "")), within(1e-12));
            }
        }
        String many = new String(random.ints(3_000, 0x4E00, 0x9000).toArray(), 0, 3_000);
        assertThat(ChrF.of(many, many)).as("more kinds of letters than a number holds six of").isEqualTo(1);
        assertThat(ChrF.of(many, many.substring(1_500))).isCloseTo(plainChrF(many, many.substring(1_500)),
                within(1e-12));
    }

    private static String text(int[] words) {
        var text = new ArrayList<String>();
        for (int word : words) {
            text.add("w" + (char) ('a' + word));
        }
        return String.join(" ", text);
    }

    private static double plainRougeL(String[] a, String[] b) {
        int[][] table = new int[a.length + 1][b.length + 1];
        for (int i = 1; i <= a.length; i++) {
            for (int j = 1; j <= b.length; j++) {
                table[i][j] = a[i - 1].equals(b[j - 1])
                        ? table[i - 1][j - 1] + 1
                        : Math.max(table[i - 1][j], table[i][j - 1]);
            }
        }
        return 2.0 * table[a.length][b.length] / (a.length + b.length);
    }

    private static double plainChrF(String want, String got) {
        double precision = 0;
        double recall = 0;
        int orders = 0;
        for (int n = 1; n <= 6; n++) {
            Map<String, Integer> a = runs(want, n);
            Map<String, Integer> b = runs(got, n);
            if (a.isEmpty() && b.isEmpty()) {
                continue;
            }
            orders++;
            double both = a.entrySet().stream().mapToInt(e -> Math.min(e.getValue(), b.getOrDefault(e.getKey(), 0)))
                    .sum();
            precision += b.isEmpty() ? 0 : both / (got.length() - n + 1);
            recall += a.isEmpty() ? 0 : both / (want.length() - n + 1);
        }
        precision /= orders;
        recall /= orders;
        return precision + recall == 0 ? 0 : 5 * precision * recall / (4 * precision + recall);
    }

    private static Map<String, Integer> runs(String text, int n) {
        Map<String, Integer> runs = new HashMap<>();
        for (int i = 0; i + n <= text.length(); i++) {
            runs.merge(text.substring(i, i + n), 1, Integer::sum);
        }
        return runs;
    }

    @ParameterizedTest
    @CsvSource({"MARTHA, MARHTA, 0.961111", "DIXON, DICKSONX, 0.813333", "DWAYNE, DUANE, 0.840000", "same, same, 1",
            "abc, xyz, 0"})
    void jaroAndWinklerHaveTheirKnownValues(String a, String b, double value) {
        assertThat(JaroWinkler.of(a, b)).isCloseTo(value, within(5e-7));
    }

    @Test
    void wordsAreRunsOfLettersDigitsAndMarks() {
        assertThat(Texts.words("Größe: 3,5 m² – ça_va, İ e\u0301x 東京 \uD835\uDD38b")).isEqualTo(
                List.of("grösse", "3", "5", "m²", "ça", "va", Texts.fold("İ"), "e\u0301x", "東京", "\uD835\uDD38b"));
        assertThat(Texts.words(" … ")).isEmpty();
    }
}
