package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A trainer with a small heap and {@code -Dattune.rows} rows (60,000; 1,000,000 with {@code -Dattune.heap=256m}): its memory
 * does not grow with them, and going on does not read them again.
 */
@EnabledOnOs(OS.LINUX)
class ManyRowsTest {
    private static final int ROWS = Integer.getInteger("attune.rows", 60_000);
    private static final String HEAP = System.getProperty("attune.heap", "48m");
    private static final int STEPS = 60;
    private static final long GROWTH = 24L << 20;
    private static final double RESUME_SECONDS = 20;

    @TempDir
    Path folder;

    private Process start(JobDirectory job) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        var builder = new ProcessBuilder(java.toString(), "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC",
                "-Xmx" + HEAP, "-XX:TieredStopAtLevel=1", "-Dorg.bytedeco.javacpp.maxBytes=0",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0", "-Dattune.threads=1", "-cp",
                System.getProperty("java.class.path"), TrainerMain.class.getName(), job.path().toString());
        builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
        return builder.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
    }

    private static int lastStep(JobDirectory job) {
        return job.progress().stream().mapToInt(line -> line instanceof Progress.Step step ? step.step() : 0).max()
                .orElse(0);
    }

    /** Waits for a step, and gives the seconds that it took. */
    private double await(JobDirectory job, Process trainer, int step) throws Exception {
        long began = System.nanoTime();
        long end = began + Duration.ofMinutes(10).toNanos();
        while (lastStep(job) < step) {
            assertThat(trainer.isAlive()).as(Files.readString(folder.resolve("log")) + job.outcome()).isTrue();
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(20);
        }
        return (System.nanoTime() - began) / 1e9;
    }

    @Test
    void memoryDoesNotGrowWithTheRowsAndGoingOnDoesNotReadThemAgain() throws Exception {
        Path rows = folder.resolve("rows.jsonl");
        try (BufferedWriter out = Files.newBufferedWriter(rows)) {
            for (int i = 0; i < ROWS; i += 1000) {
                out.write(JobFixture.rows(Math.min(1000, ROWS - i), i));
            }
        }
        JobDirectory job = JobDirectory.create(folder.resolve("job"), JobFixture.spec(false, 1, 8), rows);

        Process first = start(job);
        double encoded = await(job, first, 1);
        await(job, first, STEPS);
        long early = FlatMemoryTest.resident(first.pid());
        await(job, first, 5 * STEPS);
        long late = FlatMemoryTest.resident(first.pid());
        first.destroy();
        assertThat(first.waitFor()).isEqualTo(TrainerProcess.INTERRUPTED);

        int reached = job.checkpoints().getLast().step();
        Process second = start(job);
        double resumed = await(job, second, reached + 1);
        second.destroyForcibly().waitFor();
        System.out.printf(Locale.ROOT, "%,d rows, heap %s: first step after %.1f s, after going on %.1f s;"
                + " memory %.1f MB at step %d, %.1f MB at step %d%n", ROWS, HEAP, encoded, resumed, early / 1e6, STEPS,
                late / 1e6, 5 * STEPS);
        assertThat(late - early).isLessThan(GROWTH);
        assertThat(resumed).isLessThan(RESUME_SECONDS);
    }
}
