package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobEstimateTest {
    private static final JobEstimate ESTIMATE = new JobEstimate(720, 600, 900, 1.6e9, 1.5e9, 2e9);

    @Test
    void timeAndMemoryAreToldWithTheirBounds() {
        assertThat(ESTIMATE.told()).isEqualTo(
                "Training will take about 12 min (10 min to 15 min) and 1.6 GB of memory (1.5 GB to 2.0 GB).");
        assertThat(new JobEstimate(3.2, 2, 5, 0, 0, 0).told()).isEqualTo("Training will take about 3 s (2 s to 5 s).");
    }

    @Test
    void itsErrorIsTold() {
        assertThat(ESTIMATE.compared(792, 1.52e9)).isEqualTo("Training took 13 min, 10 % above the estimate of 12 min,"
                + " and 1.5 GB of memory, 5 % below the estimate of 1.6 GB.");
    }

    @Test
    void itFollowsFromAProbeAndTheWork() {
        JobEstimate estimate = JobEstimate.of(new JobEstimate.Work(1000, 2000), 0.01, 1e9, 3e9);

        assertThat(estimate.seconds()).isEqualTo(17);
        assertThat(estimate.fastest()).isLessThan(17);
        assertThat(estimate.slowest()).isGreaterThan(17);
        assertThat(estimate.bytes()).isBetween(estimate.leastBytes(), estimate.mostBytes());
    }

    @Test
    void timeInWhichNobodyWorkedDoesNotCount() {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        List<Progress> lines = List.of(new Progress.Started(1, start, 10, 10, 0, 100),
                new Progress.Note(2, start.plusSeconds(5), Progress.Level.INFO, ESTIMATE.told()),
                new Progress.Note(3, start.plusSeconds(10), Progress.Level.INFO, "Any."),
                new Progress.Note(4, start.plusSeconds(500), Progress.Level.INFO, "Training continues after step 3."));

        assertThat(ActiveTime.of(lines, start.plusSeconds(507))).isEqualTo(Duration.ofSeconds(12));
    }
}
