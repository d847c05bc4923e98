package dev.attune.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DecisionsTest {

    @Test
    void adjustedValuesAreTheKnownOnes() {
        double[] p = {.01, .04, .03, .005};
        assertThat(MultipleComparisons.holm(p)).containsExactly(new double[]{.03, .06, .06, .02}, within(1e-12));
        assertThat(MultipleComparisons.benjaminiHochberg(p)).containsExactly(new double[]{.02, .04, .04, .02},
                within(1e-12));
        assertThat(MultipleComparisons.holm()).isEmpty();
        assertThat(MultipleComparisons.holm(.9, .8)).containsExactly(1, 1);
        assertThatThrownBy(() -> MultipleComparisons.holm(1.2)).hasMessageContaining("not in [0, 1]");
    }

    @Test
    void holmSeldomFindsWhatIsNotThere() {
        var random = new SplittableRandom(3);
        int wrong = 0;
        for (int round = 0; round < 2_000; round++) {
            double least = 1;
            for (double p : MultipleComparisons.holm(random.doubles(12).toArray())) {
                least = Math.min(least, p);
            }
            wrong += least < 0.05 ? 1 : 0;
        }
        assertThat(wrong / 2_000.0).isBetween(0.03, 0.065);
    }

    @Test
    void nonInferiorityHasItsKnownValues() {
        NonInferiority test = NonInferiority.normal(-.005, .008, .02, .95);
        assertThat(test.statistic()).isCloseTo(1.875, within(1e-12));
        assertThat(test.pValue()).isCloseTo(0.030396, within(5e-7));
        assertThat(test.lowerBound()).isCloseTo(-0.018159, within(5e-7));
        assertThat(test.holds()).isTrue();
        assertThat(NonInferiority.normal(-.01, .008, .02, .95).holds()).isFalse();
    }

    @Test
    void equalRowsShowNonInferiorityOnlyWhereTheyAreMany() {
        assertThat(NonInferiority.paired(new double[10], .02, .95).holds()).isFalse();
        assertThat(NonInferiority.paired(new double[300], .02, .95).holds()).isTrue();
        assertThat(NonInferiority.paired(new double[300], .02, .95).pValue()).isLessThanOrEqualTo(.05 + 1e-12);
        assertThatThrownBy(() -> NonInferiority.paired(new double[1], .02, .95)).hasMessageContaining("two rows");
        assertThatThrownBy(() -> NonInferiority.paired(new double[3], 0, .95)).hasMessageContaining("above 0");
    }

    @Test
    void aModelThatIsWorseByTheMarginPassesSeldom() {
        var random = new SplittableRandom(5);
        int passed = 0;
        for (int round = 0; round < 2_000; round++) {
            double[] d = new double[200];
            for (int i = 0; i < d.length; i++) {
                double u = random.nextDouble();
                d[i] = u < 0.10 ? 1 : u < 0.25 ? -1 : 0;
            }
            passed += NonInferiority.paired(d, .05, .95).holds() ? 1 : 0;
        }
        assertThat(passed / 2_000.0).isLessThanOrEqualTo(0.062);
    }

    @Test
    void theSequentialTestHasItsKnownSteps() {
        SequentialTest test = SequentialTest.of(.02, .05, .05, .2);
        assertThat(test.upper()).isCloseTo(2.772589, within(5e-7));
        assertThat(test.lower()).isCloseTo(-1.558145, within(5e-7));
        assertThat(test.after(true).logRatio()).isCloseTo(0.916291, within(5e-7));
        assertThat(test.after(false).logRatio()).isCloseTo(-0.031091, within(5e-7));
        SequentialTest bad = test;
        for (int i = 0; i < 4; i++) {
            assertThat(bad.outcome()).isEqualTo(SequentialTest.Outcome.GO_ON);
            bad = bad.after(true);
        }
        assertThat(bad.outcome()).isEqualTo(SequentialTest.Outcome.BAD);
        assertThatThrownBy(() -> SequentialTest.of(.05, .02, .05, .2)).hasMessageContaining("p0 < p1");
    }

    @Test
    void lookingAfterEveryEventDoesNotSpoilTheSequentialTest() {
        var random = new SplittableRandom(13);
        int refused = 0;
        for (int round = 0; round < 2_000; round++) {
            SequentialTest test = SequentialTest.of(.02, .05, .05, .2);
            while (test.outcome() == SequentialTest.Outcome.GO_ON) {
                test = test.after(random.nextDouble() < .02);
            }
            refused += test.outcome() == SequentialTest.Outcome.BAD ? 1 : 0;
        }
        assertThat(refused / 2_000.0).isLessThanOrEqualTo(0.05);
    }

    @Test
    void countsOfFailuresAreComparedExactly() {
        assertThat(Proportions.pooledZ(40, 1000, 14, 200)).isCloseTo(1.868262, within(5e-7));
        assertThat(Distributions.normalAbove(Proportions.pooledZ(40, 1000, 14, 200))).isCloseTo(0.030863, within(5e-7));
        assertThat(Proportions.fisherGreater(40, 1000, 14, 200)).isCloseTo(0.051772, within(5e-7));
        assertThat(Proportions.fisherGreater(0, 5, 0, 5)).isEqualTo(1, within(1e-12));
        assertThat(Proportions.mcNemarChiSquare(12, 3)).isCloseTo(4.266667, within(5e-7));
        assertThat(Proportions.chiSquareP(Proportions.mcNemarChiSquare(12, 3))).isCloseTo(0.038867, within(5e-7));
        assertThat(Proportions.mcNemarMidP(12, 3)).isCloseTo(0.021271, within(5e-7));
        assertThat(Proportions.mcNemarMidP(0, 0)).isEqualTo(1);
    }

    @Test
    void driftHasItsKnownValues() {
        double[] before = {.25, .25, .25, .25};
        double[] now = {.3, .3, .2, .2};
        assertThat(Drift.stabilityIndex(before, now)).isCloseTo(0.040547, within(5e-7));
        assertThat(Drift.jensenShannon(before, now)).isCloseTo(0.085435, within(5e-7));
        assertThat(Drift.jensenShannon(new double[]{1, 0}, new double[]{0, 1})).isCloseTo(1, within(1e-12));
        assertThat(Drift.stabilityIndex(new double[]{10, 0}, new double[]{10, 0})).isZero();
        assertThatThrownBy(() -> Drift.jensenShannon(new double[2], new double[]{1, 1}))
                .hasMessageContaining("at least one row");
    }

    @Test
    void biasAndRobustnessHaveTheirKnownValues() {
        assertThat(Fairness.biasScore(36 + 12, 60)).isCloseTo(0.6, within(1e-12));
        assertThat(Fairness.biasScore(36, 60)).isCloseTo(0.2, within(1e-12));
        assertThat(Fairness.ambiguousBiasScore(.7, .2)).isCloseTo(0.06, within(1e-12));
        assertThat(Fairness.parityDifference(.30, .50)).isCloseTo(-0.2, within(1e-12));
        assertThat(Fairness.disparateImpact(.30, .50)).isCloseTo(0.6, within(1e-12)).isLessThan(Fairness.FOUR_FIFTHS);
        assertThat(Fairness.performanceDrop(.60, .42)).isCloseTo(0.3, within(1e-12));
        assertThat(Fairness.performanceDrop(0, 0)).isZero();
    }

    @Test
    void peoplesMeanFollowsFromAJudgeAndAFewLabels() {
        Interval known = JudgeCorrection.predictionPowered(.70, .21 / 1000, .62 - .69, .0012, .95);
        assertThat(known.estimate()).isCloseTo(.63, within(1e-12));
        assertThat(known.high() - known.estimate()).isCloseTo(1.959964 * 0.037550, within(5e-5));
        assertThatThrownBy(() -> JudgeCorrection.predictionPowered(new double[5], new double[1], new double[1], .95))
                .hasMessageContaining("label more rows");
    }

    @Test
    void aJudgeThatIsTooKindIsPutRight() {
        var random = new SplittableRandom(19);
        int covered = 0;
        for (int round = 0; round < 2_000; round++) {
            double[] judged = new double[300];
            for (int i = 0; i < judged.length; i++) {
                judged[i] = judge(random, random.nextDouble() < .6);
            }
            double[] labels = new double[100];
            double[] seen = new double[100];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = random.nextDouble() < .6 ? 1 : 0;
                seen[i] = judge(random, labels[i] == 1);
            }
            covered += JudgeCorrection.predictionPowered(judged, seen, labels, .95).contains(.6) ? 1 : 0;
        }
        assertThat(covered / 2_000.0).isBetween(0.93, 0.97);
    }

    private static double judge(SplittableRandom random, boolean right) {
        return random.nextDouble() < (right ? .95 : .3) ? 1 : 0;
    }
}
