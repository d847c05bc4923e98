package dev.attune.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PairedComparisonTest {

    @Test
    void rightAndWrongAreComparedExactly() {
        double[] tuned = {1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1};
        double[] base = {1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 1};
        var comparison = PairedComparison.of("exact", base, tuned, 1);
        assertThat(comparison.test()).isEqualTo("exact McNemar");
        assertThat(comparison.pValue()).isCloseTo(0.25, within(1e-12));
        assertThat(comparison.difference().estimate()).isEqualTo(0.25);
        assertThat(comparison.tuned()).isEqualTo(Proportions.wilson(9, 12, 0.95));
        assertThat(comparison.wins()).isEqualTo(3);
        assertThat(comparison.losses()).isZero();
        assertThat(comparison.n()).isEqualTo(12);
    }

    @Test
    void aModelThatLearnedEverythingHasAnIntervalBelowOne() {
        double[] base = new double[80];
        double[] tuned = new double[80];
        Arrays.fill(tuned, 1);
        var comparison = PairedComparison.of("exact", base, tuned, 1);
        assertThat(comparison.difference().estimate()).isEqualTo(1);
        assertThat(comparison.difference().low()).isBetween(0.9, 0.99);
        assertThat(comparison.difference().high()).isEqualTo(1);
        assertThat(comparison.pValue()).isCloseTo(Math.pow(2, -79), within(1e-30));
    }

    @Test
    void partialCreditIsComparedByPermutation() {
        var random = new SplittableRandom(4);
        double[] base = random.doubles(100, 0, 0.6).toArray();
        double[] tuned = random.doubles(100, 0.4, 1).toArray();
        var comparison = PairedComparison.of("json_fields", base, tuned, 42);
        assertThat(comparison.test()).isEqualTo("sign-flip permutation, 10,000 draws, seed 42");
        assertThat(comparison.pValue()).isEqualTo(1 / 10_001.0);
        assertThat(comparison.difference().contains(0.4)).isTrue();
        assertThat(PairedComparison.of("json_fields", base, tuned, 42)).isEqualTo(comparison);
    }

    @Test
    void fewRowsAreNeverSure() {
        assertThat(PairedComparison.of("exact", new double[0], new double[0], 1).difference())
                .isEqualTo(new Interval(0, -1, 1));
        assertThat(PairedComparison.of("exact", new double[0], new double[0], 1).pValue()).isEqualTo(1);
        var one = PairedComparison.of("json_fields", new double[]{0.25}, new double[]{0.75}, 1);
        assertThat(one.difference()).isEqualTo(new Interval(0.5, -1, 1));
        assertThat(one.pValue()).isEqualTo(1);
        var same = PairedComparison.of("json_fields", new double[]{0.5, 0.5, 0.5}, new double[]{0.5, 0.5, 0.5}, 1);
        assertThat(same.difference().excludesZero()).isFalse();
        assertThat(same.pValue()).isEqualTo(1);
    }

    @Test
    void whateverTheScoresNothingIsNaN() {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println("PairedComparisonTest: -Dattune.seed=" + seed);
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 500; round++) {
            int n = random.nextInt(30);
            int levels = 1 + random.nextInt(4);
            double[] base = random.ints(n, 0, levels + 1).mapToDouble(level -> (double) level / levels).toArray();
            double[] tuned = random.ints(n, 0, levels + 1).mapToDouble(level -> (double) level / levels).toArray();
            var comparison = PairedComparison.of("s", base, tuned, round);
            assertThat(comparison.pValue()).isBetween(0.0, 1.0);
            for (Interval interval : new Interval[]{comparison.base(), comparison.tuned(), comparison.difference()}) {
                assertThat(interval.low()).isLessThanOrEqualTo(interval.estimate() + 1e-12);
                assertThat(interval.high()).isGreaterThanOrEqualTo(interval.estimate() - 1e-12);
                assertThat(interval.low()).isGreaterThanOrEqualTo(-1);
                assertThat(interval.high()).isLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void equalModelsAreSeldomCalledDifferent() {
        var random = new SplittableRandom(23);
        int binary = 0;
        int graded = 0;
        for (int round = 0; round < 1_000; round++) {
            double[] a = random.doubles(40).map(u -> u < 0.6 ? 1 : 0).toArray();
            double[] b = random.doubles(40).map(u -> u < 0.6 ? 1 : 0).toArray();
            binary += PairedComparison.of("s", a, b, round).pValue() < 0.05 ? 1 : 0;
            if (round < 100) {
                graded += PairedComparison.of("s", random.doubles(30).toArray(), random.doubles(30).toArray(), round)
                        .pValue() < 0.05 ? 1 : 0;
            }
        }
        assertThat(binary).isLessThanOrEqualTo(50);
        assertThat(graded).isLessThanOrEqualTo(12);
    }

    @Test
    void differentRowsAreRefused() {
        assertThatThrownBy(() -> PairedComparison.of("s", new double[2], new double[3], 1))
                .hasMessageContaining("base model has 2 scores and the tuned model 3");
        assertThatThrownBy(() -> PairedComparison.of("s", new double[]{1.5}, new double[1], 1))
                .hasMessage("Score 1 is 1.5, which is not in [0, 1].");
        assertThatThrownBy(() -> PairedComparison.of("s", new double[]{Double.NaN}, new double[1], 1))
                .hasMessageContaining("NaN");
    }
}
