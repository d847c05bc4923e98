package dev.attune.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StyleControlTest {
    private static final double[] VERDICTS = {1, 1, 0, .5, 1, 0, 1, 1, .5, 0, 1, 0, 1, 1, 0, 1};
    private static final double[] LENGTH = {120, 40, -30, 10, 200, -80, 15, 90, -5, -60, 30, 20, 75, -10, -45, 5};
    private static final double[] BOLD = {2, 0, 0, 1, 3, -1, 0, 2, 0, 0, -1, 1, 0, 1, -2, 0};

    private static Map<String, double[]> style(double[] length, double[] bold) {
        var style = new LinkedHashMap<String, double[]>();
        style.put("length", length);
        style.put("bold", bold);
        return style;
    }

    /** Reference: the penalised likelihood maximised by SciPy (BFGS, then Nelder–Mead), the sandwich by NumPy. */
    @Test
    void theFitIsThatOfTheReference() {
        StyleControl rows = StyleControl.of(VERDICTS, style(LENGTH, BOLD), 0.95);
        assertThat(rows.winRate()).isEqualTo(0.625);
        assertThat(rows.controlled().estimate()).isCloseTo(0.596970, within(1e-6));
        assertThat(rows.controlled().low()).isCloseTo(0.328797, within(1e-6));
        assertThat(rows.controlled().high()).isCloseTo(0.817477, within(1e-6));
        assertThat(rows.slopes().get("length")).isCloseTo(4.917955, within(1e-5));
        assertThat(rows.slopes().get("bold")).isCloseTo(-0.677809, within(1e-5));
    }

    @Test
    void clustersHaveTheirOwnError() {
        String[] pairs = new String[16];
        for (int i = 0; i < 16; i++) {
            pairs[i] = "document " + i / 2;
        }
        StyleControl clustered = StyleControl.of(VERDICTS, style(LENGTH, BOLD), pairs, 0.95);
        assertThat(clustered.controlled().low()).isCloseTo(0.342785, within(1e-6));
        assertThat(clustered.controlled().high()).isCloseTo(0.807931, within(1e-6));
        java.util.Arrays.fill(pairs, "one");
        assertThat(StyleControl.of(VERDICTS, style(LENGTH, BOLD), pairs, 0.95).controlled().low()).isZero();
    }

    @Test
    void styleThatNeverDiffersChangesNothing() {
        StyleControl none = StyleControl.of(new double[]{1, 1, 0, 1}, style(new double[4], new double[4]), .95);
        assertThat(none.controlled().estimate()).isCloseTo(.75, within(1e-4));
        assertThat(none.slopes()).containsEntry("length", 0.0).containsEntry("bold", 0.0);
        assertThatThrownBy(() -> StyleControl.of(new double[]{1}, style(new double[1], new double[1]), .95))
                .hasMessageContaining("two or more verdicts");
        assertThatThrownBy(() -> StyleControl.of(new double[]{1, 0}, style(new double[2], new double[3]), .95))
                .hasMessageContaining("every difference");
    }

    /** Answers of equal worth before a judge that is swayed by both traits, one of which the tuned model shows more of. */
    @Test
    void aSwayedJudgeIsSeenThroughAsOftenAsSaid() {
        var random = new SplittableRandom(29);
        int controlled = 0;
        int plain = 0;
        for (int round = 0; round < 2_000; round++) {
            double[] verdicts = new double[300];
            double[] length = new double[300];
            double[] bold = new double[300];
            for (int i = 0; i < 300; i++) {
                length[i] = 40 + 120 * (random.nextDouble() * 2 - 1);
                bold[i] = random.nextInt(4) - random.nextInt(3);
            }
            double lengths = spread(length);
            double bolds = spread(bold);
            for (int i = 0; i < 300; i++) {
                double sway = 1.5 * Math.tanh(length[i] / lengths) + 0.8 * Math.tanh(bold[i] / bolds);
                verdicts[i] = random.nextDouble() < 1 / (1 + Math.exp(-sway)) ? 1 : 0;
            }
            controlled += StyleControl.of(verdicts, style(length, bold), .95).controlled().contains(.5) ? 1 : 0;
            plain += Means.student(verdicts, .95, 0, 1).contains(.5) ? 1 : 0;
        }
        assertThat(controlled / 2_000.0).isBetween(0.93, 0.97);
        assertThat(plain / 2_000.0).as("the plain win rate is fooled").isLessThan(0.1);
    }

    private static double spread(double[] values) {
        return Means.standardError(values).orElseThrow() * Math.sqrt(values.length);
    }
}
