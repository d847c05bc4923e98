package dev.attune.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MeansTest {
    private static final double[] TEN = {1, 0, 1, 1, 0, 1, 1, 1, 0, 1};
    private static final double[] A = {1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1};
    private static final double[] B = {1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 1};
    private static final double NONE = Double.NEGATIVE_INFINITY;

    @Test
    void theMeanHasItsErrorAndStudentsInterval() {
        assertThat(Means.standardError(TEN)).hasValueCloseTo(0.152753, within(5e-7));
        Interval interval = Means.student(TEN, 0.95, NONE, -NONE);
        assertThat(interval.estimate()).isCloseTo(0.7, within(1e-12));
        assertThat(interval.low()).isCloseTo(0.354450, within(5e-7));
        assertThat(interval.high()).isCloseTo(1.045550, within(5e-7));
        assertThat(Means.student(TEN, 0.95, 0, 1).high()).as("cut to what a score can be").isEqualTo(1);
    }

    @Test
    void clustersWidenTheError() {
        double[] scores = {1, 1, 1, 0, 0, 1, 0, 1, 1, 1};
        String[] cluster = {"a", "a", "a", "b", "b", "c", "c", "c", "d", "d"};
        assertThat(Means.clusteredStandardError(scores, cluster)).hasValueCloseTo(0.204613, within(5e-7));
        Interval interval = Means.clustered(scores, cluster, 0.95, NONE, -NONE);
        assertThat(interval.high() - interval.estimate()).isCloseTo(3.182446 * 0.204613, within(5e-6));
    }

    @Test
    void clusteredPairedDifferences() {
        double[] differences = {1, 0, 1, 0, 0, 1, 0, 0, -1, 0, 1, 1};
        String[] cluster = {"1", "1", "1", "2", "2", "3", "3", "3", "4", "4", "5", "5"};
        assertThat(Means.mean(differences)).isCloseTo(0.333333, within(5e-7));
        assertThat(Means.standardError(differences)).hasValueCloseTo(0.188025, within(5e-7));
        assertThat(Means.clusteredStandardError(differences, cluster)).hasValueCloseTo(0.228218, within(5e-7));
        Interval interval = Means.clustered(differences, cluster, 0.95, NONE, -NONE);
        assertThat(interval.low()).isCloseTo(0.333333 - 2.776445 * 0.228218, within(5e-6));
    }

    /** The conventions that are not ours, from ours: CR0 = CR1·√((C − 1)/C), and Miller's equation (4) from CR0's sums. */
    @Test
    void otherConventionsOfClusteredErrorsFollow() {
        double[] scores = {1, 1, 1, 0, 0, 1, 0, 1, 1, 1};
        String[] cluster = {"a", "a", "a", "b", "b", "c", "c", "c", "d", "d"};
        double cr0 = Means.clusteredStandardError(scores, cluster).orElseThrow() * Math.sqrt(3 / 4.0);
        assertThat(cr0).isCloseTo(0.177200, within(5e-7));
        double own = 0;
        for (double score : scores) {
            own += (score - 0.7) * (score - 0.7) / 100;
        }
        double naive = Means.standardError(scores).orElseThrow();
        assertThat(naive).isCloseTo(0.152753, within(5e-7));
        assertThat(Math.sqrt(naive * naive + cr0 * cr0 - own)).as("Miller, equation (4)").isCloseTo(0.183666,
                within(5e-7));
        double[] differences = {1, 0, 1, 0, 0, 1, 0, 0, -1, 0, 1, 1};
        String[] documents = {"1", "1", "1", "2", "2", "3", "3", "3", "4", "4", "5", "5"};
        assertThat(Means.clusteredStandardError(differences, documents).orElseThrow() * Math.sqrt(4 / 5.0))
                .isCloseTo(0.204124, within(5e-7));
    }

    @Test
    void theNormalIntervalLeavesTheScaleWhereStudentsIsCut() {
        double half = Distributions.normalQuantile(0.95) * Means.standardError(TEN).orElseThrow();
        assertThat(0.7 - half).isCloseTo(0.400611, within(5e-7));
        assertThat(0.7 + half).isCloseTo(0.999389, within(5e-7));
        assertThat(Distributions.studentQuantile(0.95, 9)).isCloseTo(2.262157, within(5e-7));
        assertThat(Distributions.studentQuantile(0.95, 3)).isCloseTo(3.182446, within(5e-7));
        assertThat(Distributions.studentQuantile(0.95, 4)).isCloseTo(2.776445, within(5e-7));
        assertThat(Means.mean(differences()) / Means.standardError(differences()).orElseThrow()).isCloseTo(1.914854,
                within(5e-7));
    }

    @Test
    void oneClusterSaysNothing() {
        assertThat(Means.clusteredStandardError(TEN, repeat("a", 10))).isEmpty();
        assertThat(Means.clustered(TEN, repeat("a", 10), 0.95, 0, 1)).isEqualTo(new Interval(Means.mean(TEN), 0, 1));
        assertThatThrownBy(() -> Means.clustered(TEN, repeat("a", 9), 0.95, 0, 1))
                .hasMessage("10 scores, but 9 clusters.");
    }

    private static String[] repeat(String name, int times) {
        String[] names = new String[times];
        Arrays.fill(names, name);
        return names;
    }

    @Test
    void pairedDifferencesHaveASmallerErrorThanUnpaired() {
        double[] d = differences();
        assertThat(Means.mean(d)).isEqualTo(0.25);
        assertThat(Means.standardError(d)).hasValueCloseTo(0.130558, within(5e-7));
        assertThat(Math.hypot(Means.standardError(A).orElseThrow(), Means.standardError(B).orElseThrow()))
                .isCloseTo(0.199431, within(5e-7));
        assertThat(Means.studentTest(d)).isCloseTo(0.081864, within(5e-7));
    }

    private static double[] differences() {
        double[] d = new double[A.length];
        for (int i = 0; i < d.length; i++) {
            d[i] = A[i] - B[i];
        }
        return d;
    }

    @Test
    void signFlipIsExactForFewDifferences() {
        assertThat(Means.signFlip(new double[]{.2, .1, -.05, .3, .15, .1}, 1)).isEqualTo(0.0625);
        assertThat(Means.signFlip(differences(), 1)).as("as McNemar").isEqualTo(0.25);
        assertThat(Means.signFlip(new double[]{0, 0, 0}, 1)).isEqualTo(1);
        assertThat(Means.signFlip(new double[0], 1)).isEqualTo(1);
        assertThat(Means.signFlip(new double[]{0.5}, 1)).isEqualTo(1);
    }

    @Test
    void signFlipByChanceIsSeededAndNeverZero() {
        var random = new SplittableRandom(3);
        double[] shifted = random.doubles(200, 0.2, 1).toArray();
        assertThat(Means.signFlip(shifted, 11)).isEqualTo(1 / 10_001.0);
        double[] noise = random.doubles(200, -1, 1).toArray();
        double p = Means.signFlip(noise, 11);
        assertThat(Means.signFlip(noise, 11)).isEqualTo(p);
        assertThat(p).isCloseTo(Means.studentTest(noise), within(0.03));
    }

    @Test
    void theBootstrapIsSeededAndNearStudentsInterval() {
        double[] scores = new SplittableRandom(5).doubles(400).toArray();
        Interval interval = Means.bootstrap(scores, 0.95, 4_000, 9, 0, 1);
        assertThat(Means.bootstrap(scores, 0.95, 4_000, 9, 0, 1)).isEqualTo(interval);
        Interval student = Means.student(scores, 0.95, 0, 1);
        assertThat(interval.low()).isCloseTo(student.low(), within(0.005));
        assertThat(interval.high()).isCloseTo(student.high(), within(0.005));
        assertThat(Means.bootstrap(new double[]{0.3}, 0.95, 2_000, 1, 0, 1)).isEqualTo(new Interval(0.3, 0, 1));
    }

    @Test
    void degenerateDataHaveDefinedIntervals() {
        assertThat(Means.mean()).isZero();
        assertThat(Means.student(new double[0], 0.95, 0, 1)).isEqualTo(new Interval(0.5, 0, 1));
        assertThat(Means.student(new double[]{0.4}, 0.95, 0, 1)).isEqualTo(new Interval(0.4, 0, 1));
        assertThat(Means.student(new double[]{0.4}, 0.95, NONE, -NONE)).isEqualTo(new Interval(0.4, NONE, -NONE));
        Interval equal = Means.student(new double[]{0.1, 0.1, 0.1, 0.1}, 0.95, 0, 1);
        assertThat(equal.low()).isPositive().isLessThan(0.1);
        assertThat(equal.high()).isGreaterThan(0.1).isLessThan(1);
        assertThat(Means.student(repeatOnes(30), 0.95, 0, 1).low()).isCloseTo(1 - 0.115703, within(5e-7));
        assertThat(Means.studentTest(0.5, 0.5)).isZero();
        assertThat(Means.studentTest(0, 0)).isEqualTo(1);
        assertThat(Means.studentTest(1)).isEqualTo(1);
    }

    private static double[] repeatOnes(int n) {
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Test
    void studentsIntervalCoversAsOftenAsItSays() {
        var random = new SplittableRandom(17);
        int covered = 0;
        for (int round = 0; round < 2_000; round++) {
            double[] scores = random.doubles(25).toArray();
            covered += Means.student(scores, 0.95, 0, 1).contains(0.5) ? 1 : 0;
        }
        assertThat(covered / 2_000.0).isBetween(0.93, 0.97);
    }
}
