package dev.attune.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionsTest {

    @ParameterizedTest
    @CsvSource({"7, 10, 0.396778, 0.892209", "10, 10, 0.722467, 1", "0, 30, 0, 0.113514",
            "81, 263, 0.255289, 0.366210"})
    void wilsonHasItsKnownBounds(int successes, int n, double low, double high) {
        Interval interval = Proportions.wilson(successes, n, 0.95);
        assertThat(interval.estimate()).isEqualTo((double) successes / n);
        assertThat(interval.low()).isCloseTo(low, within(1e-6));
        assertThat(interval.high()).isCloseTo(high, within(1e-6));
    }

    @Test
    void clopperPearsonHasItsKnownBounds() {
        assertThat(Proportions.clopperPearson(0, 30, 0.95).high()).isCloseTo(0.115703, within(5e-7));
        assertThat(Proportions.clopperPearson(0, 30, 0.90).high()).as("one-sided 95 %").isCloseTo(0.095034,
                within(5e-7));
        assertThat(Proportions.clopperPearson(30, 30, 0.95).low()).isCloseTo(1 - 0.115703, within(5e-7));
        Interval middle = Proportions.clopperPearson(7, 10, 0.95);
        assertThat(1 - Distributions.binomialAtMost(6, 10, middle.low())).isCloseTo(0.025, within(1e-10));
        assertThat(Distributions.binomialAtMost(7, 10, middle.high())).isCloseTo(0.025, within(1e-10));
    }

    @Test
    void withoutDataEverythingIsPossible() {
        assertThat(Proportions.wilson(0, 0, 0.95)).isEqualTo(new Interval(0.5, 0, 1));
        assertThat(Proportions.clopperPearson(0, 0, 0.95)).isEqualTo(new Interval(0.5, 0, 1));
        assertThat(Proportions.pairedDifference(0, 0, 0, 0.95)).isEqualTo(new Interval(0, -1, 1));
    }

    @ParameterizedTest
    @CsvSource({"3, 0, 0.25", "12, 3, 0.035156", "3, 12, 0.035156", "0, 0, 1", "5, 5, 1", "0, 10, 0.001953"})
    void mcNemarIsExact(int b, int c, double p) {
        assertThat(Proportions.mcNemar(b, c)).isCloseTo(p, within(5e-7));
    }

    /** Fagerland, Lydersen and Laake (2014), airway hyper-responsiveness before and after transplantation: 1, 1, 7, 12. */
    @Test
    void tangosIntervalIsThatOfThePublishedExample() {
        Interval interval = Proportions.pairedDifference(1, 7, 21, 0.95);
        assertThat(interval.estimate()).isCloseTo(-0.286, within(5e-4));
        assertThat(interval.low()).isCloseTo(-0.517, within(5e-4));
        assertThat(interval.high()).isCloseTo(-0.026, within(5e-4));
    }

    /** At a bound, the likelihood restricted to that difference, maximised numerically, gives the score ±z. */
    @Test
    void tangosBoundsSolveTheScoreEquation() {
        var random = new SplittableRandom(20260101);
        for (int round = 0; round < 200; round++) {
            int n = 2 + random.nextInt(60);
            int b = random.nextInt(n + 1);
            int c = random.nextInt(n - b + 1);
            Interval interval = Proportions.pairedDifference(b, c, n, 0.95);
            for (double bound : new double[]{interval.low(), interval.high()}) {
                if (Math.abs(bound) > 0.999) {
                    continue;
                }
                double q = likeliest(b, c, n, bound);
                double score = (b - c - n * bound) / Math.sqrt(n * (2 * q + bound * (1 - bound)));
                assertThat(Math.abs(score)).as("b=%d c=%d n=%d bound=%f", b, c, n, bound).isCloseTo(1.959964,
                        within(2e-3));
            }
        }
    }

    private static double likeliest(int b, int c, int n, double delta) {
        double low = Math.max(0, -delta);
        double high = (1 - delta) / 2;
        for (int i = 0; i < 300; i++) {
            double left = low + (high - low) / 3;
            double right = high - (high - low) / 3;
            if (likelihood(b, c, n, delta, left) < likelihood(b, c, n, delta, right)) {
                low = left;
            } else {
                high = right;
            }
        }
        return (low + high) / 2;
    }

    private static double likelihood(int b, int c, int n, double delta, double q) {
        return term(b, q + delta) + term(c, q) + term(n - b - c, 1 - 2 * q - delta);
    }

    private static double term(int count, double p) {
        return count == 0 ? 0 : count * Math.log(Math.max(1e-300, p));
    }

    @Test
    void theDifferenceKeepsItsCoverageNearTheEdges() {
        var random = new SplittableRandom(7);
        double[][] shares = {{0.02, 0.01}, {0.7, 0.02}, {0.2, 0.15}, {0.9, 0.05}};
        for (double[] share : shares) {
            int covered = 0;
            for (int round = 0; round < 2_000; round++) {
                int b = 0;
                int c = 0;
                for (int i = 0; i < 60; i++) {
                    double u = random.nextDouble();
                    b += u < share[0] ? 1 : 0;
                    c += u >= share[0] && u < share[0] + share[1] ? 1 : 0;
                }
                covered += Proportions.pairedDifference(b, c, 60, 0.95).contains(share[0] - share[1]) ? 1 : 0;
            }
            assertThat(covered / 2_000.0).as("coverage at %s", Arrays.toString(share)).isBetween(0.93, 1.0);
        }
    }

    @Test
    void countsThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> Proportions.wilson(3, 2, 0.95)).hasMessage("3 successes do not fit into 2 trials.");
        assertThatThrownBy(() -> Proportions.pairedDifference(2, 2, 3, 0.95))
                .hasMessageContaining("do not fit into 3 rows");
        assertThatThrownBy(() -> Proportions.mcNemar(-1, 0)).hasMessageContaining("negative");
    }
}
