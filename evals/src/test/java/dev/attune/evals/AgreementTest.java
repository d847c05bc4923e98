package dev.attune.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AgreementTest {
    private static final double GAP = Double.NaN;

    @Test
    void kappaAndGwetsCoefficientHaveTheirKnownValues() {
        int[][] table = {{20, 5}, {10, 15}};
        assertThat(Agreement.observed(table)).isCloseTo(0.7, within(1e-12));
        assertThat(Agreement.cohen(table)).isCloseTo(0.4, within(1e-12));
        assertThat(Agreement.gwet(table)).isCloseTo(0.405941, within(5e-7));
    }

    @Test
    void aRareLabelLowersKappaAndNotGwets() {
        int[][] table = {{90, 5}, {4, 1}};
        assertThat(Agreement.observed(table)).isCloseTo(0.91, within(1e-12));
        assertThat(Agreement.cohen(table)).isCloseTo(0.134615, within(5e-7));
        assertThat(Agreement.gwet(table)).isCloseTo(0.899559, within(5e-7));
    }

    @Test
    void nearGradesCountAsNear() {
        int[] a = {1, 2, 3, 3, 4, 5, 2, 4};
        int[] b = {1, 2, 3, 4, 4, 4, 3, 5};
        assertThat(Agreement.quadraticKappa(a, b)).isCloseTo(0.833333, within(5e-7));
        assertThat(Agreement.quadraticKappa(new int[]{3, 3}, new int[]{3, 3})).isEqualTo(1);
    }

    /** The example of Krippendorff, "Computing Krippendorff's Alpha-Reliability": four coders, twelve units. */
    @Test
    void krippendorffsExampleHasItsPublishedValues() {
        double[][] ratings = {{1, 2, 3, 3, 2, 1, 4, 1, 2, GAP, GAP, GAP}, {1, 2, 3, 3, 2, 2, 4, 1, 2, 5, GAP, 3},
                {GAP, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, GAP}, {1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, GAP}};
        assertThat(Agreement.krippendorff(ratings, Agreement.Scale.NOMINAL)).isCloseTo(0.743421, within(5e-7));
        assertThat(Agreement.krippendorff(ratings, Agreement.Scale.INTERVAL)).isCloseTo(0.849107, within(5e-7));
        assertThat(Agreement.krippendorff(new double[][]{{1, 1}, {1, 1}}, Agreement.Scale.NOMINAL)).isEqualTo(1);
    }

    @Test
    void tablesWithoutRowsAreRefused() {
        assertThatThrownBy(() -> Agreement.cohen(new int[2][2])).hasMessageContaining("at least one row");
        assertThatThrownBy(() -> Agreement.gwet(new int[][]{{1, 2, 3}, {4, 5, 6}})).hasMessageContaining("square");
        assertThat(Agreement.cohen(new int[][]{{7, 0}, {0, 0}})).isEqualTo(1);
    }

    @Test
    void strengthsAreThoseOfThePublishedExample() {
        var matches = new ArrayList<BradleyTerry.Match>();
        play(matches, 0, 1, 2, 3);
        play(matches, 0, 3, 1, 4);
        play(matches, 1, 2, 5, 3);
        play(matches, 2, 3, 1, 3);
        BradleyTerry fit = BradleyTerry.fit(4, matches, 0);
        double[] strengths = {0.640, 1.043, 0.660, 2.270};
        double[] ratings = {922.4, 1007.4, 927.8, 1142.4};
        for (int i = 0; i < 4; i++) {
            assertThat(fit.strength(i)).isCloseTo(strengths[i], within(6e-4));
            assertThat(fit.rating(i, 0.95).estimate()).isCloseTo(ratings[i], within(0.06));
            assertThat(fit.rating(i, 0.95).contains(ratings[i])).isTrue();
        }
        assertThat(fit.winProbability(0, 3)).isCloseTo(0.640 / (0.640 + 2.270), within(1e-3));
    }

    private static void play(List<BradleyTerry.Match> matches, int a, int b, int won, int lost) {
        for (int i = 0; i < won; i++) {
            matches.add(new BradleyTerry.Match(a, b, 1));
        }
        for (int i = 0; i < lost; i++) {
            matches.add(new BradleyTerry.Match(a, b, 0));
        }
    }

    /** For two models ln(pA/pB) is the logit of the share, and its sandwich error that of a binomial share. */
    @Test
    void twoModelsHaveTheErrorOfAShare() {
        var matches = new ArrayList<BradleyTerry.Match>();
        play(matches, 0, 1, 70, 30);
        BradleyTerry fit = BradleyTerry.fit(2, matches, 0);
        assertThat(fit.winProbability(0, 1)).isCloseTo(0.7, within(1e-9));
        assertThat(2 * fit.logError(0)).isCloseTo(Math.sqrt(1 / (100 * 0.7 * 0.3)), within(1e-9));
    }

    @Test
    void oneThatWinsAlwaysHasAFiniteStrength() {
        var matches = new ArrayList<BradleyTerry.Match>();
        play(matches, 0, 1, 10, 0);
        BradleyTerry fit = BradleyTerry.fit(3, matches);
        assertThat(fit.strength(0)).isGreaterThan(fit.strength(1)).isFinite();
        assertThat(fit.strength(2)).isBetween(fit.strength(1), fit.strength(0));
        assertThatThrownBy(() -> new BradleyTerry.Match(1, 1, 1)).hasMessageContaining("between two models");
    }

    @Test
    void theSandwichCoversAsOftenAsItSays() {
        var random = new SplittableRandom(11);
        int covered = 0;
        for (int round = 0; round < 500; round++) {
            var matches = new ArrayList<BradleyTerry.Match>();
            for (int i = 0; i < 300; i++) {
                int a = i % 3;
                int b = (i + 1) % 3;
                double p = (a + 1.0) / (a + b + 2);
                matches.add(new BradleyTerry.Match(a, b, random.nextDouble() < p ? 1 : 0));
            }
            double truth = 1000 + 400 * (Math.log10(3) - Math.log10(6) / 3);
            covered += BradleyTerry.fit(3, matches, 0).rating(2, 0.95).contains(truth) ? 1 : 0;
        }
        assertThat(covered / 500.0).isBetween(0.92, 0.98);
    }

    @Test
    void eloMovesByItsKnownPoints() {
        assertThat(Elo.expected(1000, 1200)).isCloseTo(0.240253, within(5e-7));
        assertThat(Elo.after(1000, 1200, 1, 32)).isCloseTo(1024.3119, within(5e-5));
    }
}
