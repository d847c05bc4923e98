package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.engine.train.TrainingPace.Pause;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pace and time left, by a clock that only the test turns. */
class TrainingPaceTest {
    private static final long TOKENS = 600;

    private long nanos;
    private final TrainingPace pace = new TrainingPace(() -> nanos, 30);

    private void steps(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            pace.step(() -> pass(0.2), passed -> TOKENS);
        }
    }

    private Object pass(double seconds) {
        nanos += Math.round(seconds * 1e9);
        return this;
    }

    @Test
    void paceIsThatOfSteps_howeverLongThePausesBetweenThem() throws Exception {
        steps(50);
        assertThat(pace.tokensPerSecond()).isCloseTo(3000, within(1e-6));

        pace.pause(Pause.VALIDATION, () -> pass(20));
        pace.pause(Pause.CHECKPOINT, () -> pass(4));
        pass(100);
        steps(1);

        assertThat(pace.tokensPerSecond()).isCloseTo(3000, within(1e-6));
    }

    @Test
    void timeLeftIsStepsAtThePaceAndPausesAtTheirMeasuredCost() throws Exception {
        steps(50);
        assertThat(pace.secondsFor(100, Map.of())).isCloseTo(20, within(1e-6));

        pace.pause(Pause.SMALL_VALIDATION, () -> pass(0.5));
        pace.pause(Pause.SMALL_VALIDATION, () -> pass(1.5));
        pace.pause(Pause.VALIDATION, () -> pass(3));

        assertThat(pace.secondsFor(100, Map.of(Pause.SMALL_VALIDATION, 2, Pause.VALIDATION, 1)))
                .isCloseTo(20 + 2 * 1 + 3, within(1e-6));
        assertThat(pace.secondsFor(0, Map.of())).isZero();
    }

    @Test
    void aPauseThatNeverWasCostsWhatItsTokensCostElsewhere() throws Exception {
        pace.expect(Pause.VALIDATION, 10_000);
        pace.expect(Pause.ROW_LOSSES, 40_000);
        assertThat(pace.secondsFor(10, Map.of(Pause.ROW_LOSSES, 1))).as("nothing is known").isZero();

        steps(10);
        assertThat(pace.secondsFor(0, Map.of(Pause.ROW_LOSSES, 1))).as("by the steps")
                .isCloseTo(JobEstimate.MEASURING * 40_000 / 3000, within(1e-6));

        pace.pause(Pause.VALIDATION, () -> pass(2));
        assertThat(pace.secondsFor(0, Map.of(Pause.ROW_LOSSES, 1))).as("by the validation")
                .isCloseTo(8, within(1e-6));
    }

    @Test
    void checkpointsWithinAnEpochAreCountedByTheClock() throws Exception {
        steps(10);
        pace.pause(Pause.CHECKPOINT, () -> pass(1));

        assertThat(pace.secondsFor(1000, Map.of(Pause.CHECKPOINT, 2))).as("202 s, six times half a minute")
                .isCloseTo(200 + 2 + 6, within(1e-6));
    }

    @Test
    void aStepThatIsSlowCountsLessAsOthersFollow() throws Exception {
        pace.step(() -> pass(2), passed -> TOKENS);
        double early = pace.tokensPerSecond();
        steps(200);

        assertThat(early).isCloseTo(300, within(1e-6));
        assertThat(pace.tokensPerSecond()).isBetween(2900.0, 3000.0);
    }
}
