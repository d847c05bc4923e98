package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The memory of a trainer's process, native memory included, over {@code -Dattune.longSteps} steps (2,000). */
@EnabledOnOs(OS.LINUX)
class FlatMemoryTest {
    private static final int STEPS = Integer.getInteger("attune.longSteps", 2000);
    private static final int ROWS = 400;
    private static final long GROWTH = 12L << 20;

    @TempDir
    Path folder;

    @BeforeEach
    void computeWithTwoThreads() {
        System.setProperty("attune.threads", "2");
    }

    @AfterEach
    void restore() {
        System.clearProperty("attune.threads");
    }

    private record Sample(int step, long bytes) {}

    /** Anonymous memory that is resident, in bytes; 0 once the process is gone. */
    static long resident(long pid) {
        return figure(pid, "RssAnon:");
    }

    /** A figure of {@code /proc/pid/status}, in bytes; 0 once the process is gone. */
    static long figure(long pid, String name) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10).findFirst().orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    void theMemoryOfALongRunStaysAsItIs() throws Exception {
        JobSpec spec = JobFixture.spec(false, Math.min(50, Math.max(1, STEPS / (ROWS / 2))), 2);
        JobDirectory job = JobDirectory.create(folder.resolve("job"), spec,
                JobFixture.write(folder.resolve("rows.jsonl"), JobFixture.rows(ROWS, JobFixture.SEED)));
        var samples = new ArrayList<Sample>();
        try (TrainerProcess trainer = TrainerProcess.start(job)) {
            ProgressReader tail = job.tail();
            while (trainer.isAlive()) {
                for (Progress line : tail.poll()) {
                    long bytes = resident(trainer.pid());
                    if (line instanceof Progress.Step step && bytes > 0) {
                        samples.add(new Sample(step.step(), bytes));
                    }
                }
                Thread.sleep(20);
            }
            assertThat(trainer.waitFor()).as(Files.readString(job.log())).isZero();
        }
        int last = samples.getLast().step;
        long early = mostBetween(samples, last / 4, last / 2);
        long late = mostBetween(samples, last * 3 / 4, last);
        System.out.printf(Locale.ROOT, "%d steps: %.1f MB in the second quarter, %.1f MB in the last%n", last,
                early / 1e6, late / 1e6);
        assertThat(late - early).as("growth from step %s to %s", last / 4, last).isLessThan(GROWTH);
    }

    private static long mostBetween(List<Sample> samples, int from, int to) {
        return samples.stream().filter(sample -> sample.step >= from && sample.step <= to)
                .mapToLong(Sample::bytes).max().orElseThrow();
    }
}
