package dev.attune.evals;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Intervals over simulated models whose accuracy is known: 2,000 seeded repeats each. */
class CoverageTest {
    private static final int REPEATS = 2_000;

    @Test
    void sharesAreCoveredAsOftenAsSaid() {
        var random = new SplittableRandom(41);
        for (double accuracy : new double[]{0.3, 0.5, 0.8, 0.9}) {
            int wilson = 0;
            int exact = 0;
            for (int round = 0; round < REPEATS; round++) {
                int right = 0;
                for (int i = 0; i < 150; i++) {
                    right += random.nextDouble() < accuracy ? 1 : 0;
                }
                wilson += Proportions.wilson(right, 150, 0.95).contains(accuracy) ? 1 : 0;
                exact += Proportions.clopperPearson(right, 150, 0.95).contains(accuracy) ? 1 : 0;
            }
            assertThat(wilson / (double) REPEATS).as("Wilson at %s", accuracy).isBetween(0.93, 0.97);
            assertThat(exact / (double) REPEATS).as("Clopper–Pearson at %s", accuracy).isGreaterThan(0.945);
        }
    }

    @Test
    void clusteredMeansAreCoveredWherePlainOnesAreNot() {
        var random = new SplittableRandom(43);
        int clustered = 0;
        int plain = 0;
        int drawn = 0;
        for (int round = 0; round < REPEATS; round++) {
            double[] scores = new double[200];
            String[] cluster = new String[200];
            for (int c = 0; c < 40; c++) {
                double accuracy = 0.3 + 0.4 * random.nextDouble();
                boolean easy = random.nextDouble() < 0.5;
                for (int i = 0; i < 5; i++) {
                    scores[5 * c + i] = random.nextDouble() < (easy ? accuracy + 0.25 : accuracy - 0.25) ? 1 : 0;
                    cluster[5 * c + i] = "document " + c;
                }
            }
            clustered += Means.clustered(scores, cluster, 0.95, 0, 1).contains(0.5) ? 1 : 0;
            plain += Means.student(scores, 0.95, 0, 1).contains(0.5) ? 1 : 0;
            drawn += round < 300
                    && Means.clusteredBootstrap(scores, cluster, 0.95, 1_000, round, 0, 1).contains(0.5) ? 1 : 0;
        }
        assertThat(clustered / (double) REPEATS).isBetween(0.93, 0.97);
        assertThat(plain / (double) REPEATS).isLessThan(0.92);
        assertThat(drawn / 300.0).isBetween(0.90, 0.98);
    }

    @Test
    void pairedDifferencesAreCoveredAndEqualModelsSeldomPromoted() {
        var random = new SplittableRandom(47);
        int covered = 0;
        int promoted = 0;
        for (int round = 0; round < REPEATS; round++) {
            double[] base = new double[120];
            double[] better = new double[120];
            double[] equal = new double[120];
            for (int i = 0; i < base.length; i++) {
                double hard = random.nextDouble();
                base[i] = answer(random, hard, 0.6);
                better[i] = answer(random, hard, 0.7);
                equal[i] = answer(random, hard, 0.6);
            }
            covered += PairedComparison.of("exact", base, better, round).difference().contains(0.1) ? 1 : 0;
            promoted += PairedComparison.of("exact", base, equal, round).difference().low() > 0 ? 1 : 0;
        }
        assertThat(covered / (double) REPEATS).isBetween(0.93, 0.97);
        assertThat(promoted / (double) REPEATS).isLessThanOrEqualTo(0.05);
    }

    @Test
    void gradedAndClusteredComparisonsAreCoveredAndEqualModelsSeldomPromoted() {
        var random = new SplittableRandom(59);
        int covered = 0;
        int promoted = 0;
        int clusteredCovered = 0;
        int clusteredPromoted = 0;
        String[] cluster = new String[120];
        for (int i = 0; i < cluster.length; i++) {
            cluster[i] = "document " + i / 3;
        }
        for (int round = 0; round < REPEATS; round++) {
            double[] base = new double[120];
            double[] better = new double[120];
            double[] equal = new double[120];
            double leaning = 0;
            for (int i = 0; i < base.length; i++) {
                // What a document does to one model and not to the other.
                leaning = i % 3 == 0 ? 0.2 * (random.nextDouble() - 0.5) : leaning;
                double hard = 0.3 + 0.3 * random.nextDouble();
                base[i] = hard + 0.2 * random.nextDouble();
                better[i] = hard + 0.1 + leaning + 0.2 * random.nextDouble();
                equal[i] = hard + leaning + 0.2 * random.nextDouble();
            }
            double[] gains = PairedComparison.differences(base, better);
            clusteredCovered += Means.clustered(gains, cluster, 0.95, -1, 1).contains(0.1) ? 1 : 0;
            double[] nothing = PairedComparison.differences(base, equal);
            clusteredPromoted += Means.clustered(nothing, cluster, 0.95, -1, 1).low() > 0 ? 1 : 0;
            double[] alone = new double[40];
            double[] none = new double[40];
            for (int i = 0; i < alone.length; i++) {
                alone[i] = gains[3 * i];
                none[i] = nothing[3 * i];
            }
            covered += Means.student(alone, 0.95, -1, 1).contains(0.1) ? 1 : 0;
            promoted += Means.student(none, 0.95, -1, 1).low() > 0 ? 1 : 0;
        }
        assertThat(covered / (double) REPEATS).isBetween(0.93, 0.97);
        assertThat(clusteredCovered / (double) REPEATS).isBetween(0.93, 0.97);
        assertThat(promoted / (double) REPEATS).isLessThanOrEqualTo(0.05);
        assertThat(clusteredPromoted / (double) REPEATS).isLessThanOrEqualTo(0.05);
    }

    /** Right with probability {@code accuracy} over all rows, and for hard rows by both models together seldom. */
    private static double answer(SplittableRandom random, double hard, double accuracy) {
        double p = Math.clamp(accuracy + 0.6 * (0.5 - hard), 0, 1);
        return random.nextDouble() < p ? 1 : 0;
    }

    @Test
    void bootstrapAndClustersOfGradedScores() {
        var random = new SplittableRandom(53);
        int covered = 0;
        int student = 0;
        for (int round = 0; round < REPEATS; round++) {
            double[] scores = random.doubles(80).map(u -> u * u).toArray();
            covered += Means.bootstrap(scores, 0.95, 1_000, round, 0, 1).contains(1 / 3.0) ? 1 : 0;
            student += Means.student(scores, 0.95, 0, 1).contains(1 / 3.0) ? 1 : 0;
        }
        assertThat(covered / (double) REPEATS).isBetween(0.93, 0.97);
        assertThat(student / (double) REPEATS).isBetween(0.93, 0.97);
        double[] same = new double[10];
        Arrays.fill(same, 0.5);
        assertThat(Means.bootstrap(same, 0.95, 2_000, 1, 0, 1)).isEqualTo(new Interval(0.5, 0.5, 0.5));
        assertThat(Means.clusteredBootstrap(same, names(10), 0.95, 100, 1, 0, 1)).isEqualTo(new Interval(0.5, 0, 1));
    }

    private static String[] names(int n) {
        String[] names = new String[n];
        Arrays.fill(names, "one");
        return names;
    }

    @Test
    void clusteredComparisonsKnowTheirClusters() {
        double[] base = {0, 0, 0, 1, 1, 0, 1, 1, 1, 0, 0, 0};
        double[] tuned = {1, 0, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1};
        String[] cluster = {"1", "1", "1", "2", "2", "3", "3", "3", "4", "4", "5", "5"};
        PairedComparison comparison = PairedComparison.clustered("exact", base, tuned, cluster, 0.95, 7);
        assertThat(comparison.difference()).isEqualTo(
                Means.clustered(PairedComparison.differences(base, tuned), cluster, 0.95, -1, 1));
        assertThat(comparison.test()).isEqualTo("sign-flip permutation of 5 clusters, seed 7");
        assertThat(comparison.pValue()).as("six of the sixteen patterns of signs are as far out").isEqualTo(0.375);
        assertThat(PairedComparison.clustered("exact", base, tuned, names(12), 0.95, 7).pValue()).isEqualTo(1);
    }
}
