package dev.attune.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PowerTest {

    @Test
    void pairedComparisonsNeedMillersNumbers() {
        assertThat(Power.pairedRows(.03, 1 / 9.0, 0, .05, .8)).isEqualTo(969);
        assertThat(Power.pairedRows(.03, 1 / 9.0, 2 / 6.0, .05, .8)).isEqualTo(3_876);
        assertThat(Power.pairedRows(.03, 1 / 9.0, 2 / 60.0, .05, .8)).isEqualTo(1_260);
    }

    @Test
    void theSmallestDifferenceIsTheInverse() {
        assertThat(Power.smallestDifference(198, 1 / 9.0, 2 / 6.0, .05, .8)).isCloseTo(0.132733, within(5e-7));
        assertThat(Power.smallestDifference(198, 1 / 9.0, 2 / 60.0, .05, .8)).isCloseTo(0.075670, within(5e-7));
        assertThat(Power.smallestDifference(0, 1, 0, .05, .8)).isInfinite();
    }

    @Test
    void sharesNeedTheirKnownNumbers() {
        assertThat(Power.mcNemarRows(.10, .05, .05, .8)).isEqualTo(469);
        assertThat(Power.independentRows(.80, .85, .05, .8)).isEqualTo(906);
    }

    @Test
    void repeatedSamplesAreEstimatedWithoutBias() {
        assertThat(RepeatedSamples.passAt(10, 3, 1)).isCloseTo(0.3, within(1e-12));
        assertThat(RepeatedSamples.passAt(10, 3, 3)).isCloseTo(0.708333, within(5e-7));
        assertThat(RepeatedSamples.passAt(10, 3, 5)).isCloseTo(0.916667, within(5e-7));
        assertThat(RepeatedSamples.passAll(10, 9, 3)).isCloseTo(0.7, within(1e-12));
        assertThat(RepeatedSamples.passAll(10, 3, 3)).isCloseTo(0.008333, within(5e-7));
        assertThat(RepeatedSamples.passAt(4, 0, 4)).isZero();
        assertThat(RepeatedSamples.passAt(4, 1, 4)).isEqualTo(1);
        assertThatThrownBy(() -> RepeatedSamples.passAt(4, 5, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aJudgeIsCorrectedByItsErrors() {
        Interval interval = JudgeCorrection.rogan(.70, 200, .9, 50, .8, 50, .95);
        assertThat(interval.estimate()).isCloseTo(0.714286, within(5e-7));
        assertThat(JudgeCorrection.standardError(.70, 200, .9, 50, .8, 50)).isCloseTo(0.067455, within(5e-7));
        assertThat(interval.low()).isCloseTo(0.714286 - 1.959964 * 0.067455, within(1e-6));
        assertThat(interval.high()).isCloseTo(0.846498, within(3e-6));
        assertThatThrownBy(() -> JudgeCorrection.rogan(.5, 10, .5, 10, .5, 10, .95))
                .hasMessageContaining("no better than chance");
        assertThatThrownBy(() -> JudgeCorrection.rogan(.5, 10, .9, 0, .9, 10, .95))
                .hasMessageContaining("labelled rows");
    }
}
