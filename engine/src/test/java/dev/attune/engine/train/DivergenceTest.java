package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DivergenceTest {
    private static final double NAN = Double.NaN;

    @Test
    void theRowThatIsNoNumberIsNamedFirstThenTheHighestLoss() {
        var failure = Divergence.notANumber(12, List.of(new Divergence.Row(3, false, 0.5),
                new Divergence.Row(7, false, NAN), new Divergence.Row(9, true, 2.25)), 4);

        assertThat(failure.code()).isEqualTo("training_diverged");
        assertThat(failure.param()).isEqualTo("learning_rate_multiplier");
        assertThat(failure.sentence()).isEqualTo("The loss at step 12 is no longer a number; the step's rows, the"
                + " highest loss first: line 7 (not a number), line 9 of the replay file (2.25), line 3 (0.50); look at"
                + " what is written there, or use a smaller learning_rate_multiplier than 4.0.");
    }

    @Test
    void whereNoRowIsANumberTheLearningRateIsToBlame() {
        var failure = Divergence.notANumber(2,
                List.of(new Divergence.Row(8, false, NAN), new Divergence.Row(5, false, NAN)), 1);

        assertThat(failure.sentence()).contains("line 5 (not a number), line 8 (not a number); use a smaller");
    }

    @Test
    void ofALargeBatchTheWorstTenAreNamed() {
        var rows = new ArrayList<Divergence.Row>();
        for (int i = 1; i <= 64; i++) {
            rows.add(new Divergence.Row(i, false, i));
        }

        assertThat(Divergence.notANumber(5, rows, 1).sentence()).contains("The gradient at step 5")
                .contains("first: line 64 (64.00), line 63").contains("line 55 (55.00) and 54 more rows;");
    }

    private static LossTrend trend(double... losses) {
        LossTrend trend = LossTrend.NONE;
        for (double loss : losses) {
            trend = trend.after(loss);
        }
        return trend;
    }

    @Test
    void aLossFarAboveItsLowestAndAboveGuessingHasDiverged() {
        var rising = new double[60];
        for (int i = 0; i < rising.length; i++) {
            rising[i] = i < 30 ? 2 : 40;
        }

        assertThat(trend(rising).hasDiverged(1000)).isTrue();
        assertThat(trend(rising).lowest()).isEqualTo(2);
        assertThat(Divergence.tooHigh(60, trend(rising), List.of(new Divergence.Row(1, false, 40)), 2).sentence())
                .contains("the loss was 2.00 at its lowest and is 38").contains("at step 60")
                .contains("line 1 (40.00); use a smaller learning_rate_multiplier than 2.0.");
    }

    @Test
    void aHardBatchOrAModelThatStillGuessesHasNot() {
        var spike = new double[60];
        for (int i = 0; i < spike.length; i++) {
            spike[i] = i == 50 ? 30 : 2;
        }
        assertThat(trend(spike).hasDiverged(1000)).isFalse();

        var guessing = new double[60];
        java.util.Arrays.fill(guessing, Math.log(1000) + 0.3);
        assertThat(trend(guessing).hasDiverged(1000)).isFalse();
        assertThat(trend(2, 40, 40, 40).hasDiverged(1000)).as("too early to tell").isFalse();
    }
}
