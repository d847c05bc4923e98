package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real trainer processes, asked to end and left alone. */
class TrainerProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    @BeforeEach
    void computeWithOneThread() {
        System.setProperty("attune.threads", "1");
    }

    @AfterEach
    void restore() {
        System.clearProperty("attune.threads");
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("%s within %s", what, PATIENCE).isBefore(end);
            Thread.sleep(5);
        }
    }

    private static int lastStep(JobDirectory job) {
        return job.progress().stream().mapToInt(line -> line instanceof Progress.Step step ? step.step() : 0).max()
                .orElse(0);
    }

    private static boolean isOver(JobDirectory job) {
        return job.outcome().isPresent();
    }

    @Test
    void askedToEndItMakesACheckpointAndGoesOnFromItLater() throws Exception {
        JobDirectory job = JobFixture.job(folder, "job", 24, 50, 2, false);
        int reached;
        try (TrainerProcess trainer = TrainerProcess.start(job)) {
            await("a step", () -> lastStep(job) > 0);
            trainer.close();
            assertThat(trainer.waitFor()).isEqualTo(TrainerProcess.INTERRUPTED);
            reached = job.checkpoints().getLast().step();
        }

        assertThat(reached).isPositive().isGreaterThanOrEqualTo(lastStep(job));
        assertThat(job.progress()).last().isInstanceOfSatisfying(Progress.Note.class,
                note -> assertThat(note.message()).contains("stopped after step " + reached));
    }

    @Test
    void cancelledThroughTheDirectoryItEndsInOrder() throws Exception {
        JobDirectory job = JobFixture.job(folder, "job", 24, 50, 2, false);
        try (TrainerProcess trainer = TrainerProcess.start(job)) {
            await("a step", () -> lastStep(job) > 0);
            job.requestCancel();
            assertThat(trainer.waitFor()).isZero();
        }

        assertThat(job.outcome()).containsInstanceOf(Progress.Cancelled.class);
    }

    @Test
    void aSecondTrainerLeavesTheDirectoryAlone() throws Exception {
        JobDirectory job = JobFixture.job(folder, "job", 24, 50, 2, false);
        try (AutoCloseable held = job.lock().orElseThrow(); TrainerProcess trainer = TrainerProcess.start(job)) {
            assertThat(held).isNotNull();
            assertThat(trainer.waitFor()).isEqualTo(TrainerProcess.TAKEN);
        }

        assertThat(job.progress()).isEmpty();
        assertThat(Files.readString(job.log())).contains("Another trainer works in");
    }

    /** Starts a trainer and waits, so that a test can kill the one who started it. */
    static final class Starter {
        public static void main(String[] args) throws Exception {
            TrainerProcess trainer = TrainerProcess.start(JobDirectory.open(Path.of(args[0])));
            System.out.println(trainer.pid());
            trainer.waitFor();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void leftAloneByTheOneWhoStartedItItMakesACheckpointAndEnds() throws Exception {
        JobDirectory job = JobFixture.job(folder, "job", 24, 50, 2, false);
        Process starter = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dattune.threads=1", "-cp", System.getProperty("java.class.path"), Starter.class.getName(),
                job.path().toString()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        long pid;
        try (var reader = starter.inputReader()) {
            pid = Long.parseLong(reader.readLine());
            await("a step", () -> lastStep(job) > 0);
            starter.destroyForcibly().waitFor();
        }

        await("the trainer's end", () -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());

        assertThat(isOver(job)).isFalse();
        assertThat(job.checkpoints()).last().satisfies(
                checkpoint -> assertThat(checkpoint.step()).isGreaterThanOrEqualTo(lastStep(job)));
        assertThat(job.lock()).isPresent();
    }

    /** A limit on file size stands for a disk that is full; it is lifted while the trainer waits. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aDiskThatIsFullPausesTheJobWhichGoesOnWhenThereIsRoom() throws Exception {
        JobDirectory undisturbed = JobFixture.job(folder, "undisturbed", 24, 6, 2, true);
        JobFixture.trainer(undisturbed).run();
        JobDirectory job = JobFixture.job(folder, "job", 24, 6, 2, true);
        Process process = withLittleRoom(job);

        await("the pause", () -> said(job, "is full: training is paused") || !process.isAlive());
        assertThat(process.isAlive()).as("the trainer waits").isTrue();
        assertThat(isOver(job)).isFalse();
        new ProcessBuilder("prlimit", "--pid", Long.toString(process.pid()), "--fsize=unlimited:").inheritIO().start()
                .waitFor();

        assertThat(process.waitFor()).isZero();
        assertThat(said(job, "has room again")).isTrue();
        assertThat(job.outcome()).containsInstanceOf(Progress.Succeeded.class);
        assertThat(JobFixture.fingerprint(job.result())).isEqualTo(JobFixture.fingerprint(undisturbed.result()));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void cancelledOrAskedToEndWhileTheDiskIsFullItEnds() throws Exception {
        JobDirectory job = JobFixture.job(folder, "job", 24, 6, 2, false);
        Process process = withLittleRoom(job);
        await("the pause", () -> said(job, "is full: training is paused") || !process.isAlive());
        process.destroy();
        assertThat(process.waitFor()).isEqualTo(TrainerProcess.INTERRUPTED);
        assertThat(isOver(job)).isFalse();

        Process second = withLittleRoom(job);
        job.requestCancel();
        assertThat(second.waitFor()).isZero();
        assertThat(job.outcome()).containsInstanceOf(Progress.Cancelled.class);
    }

    /** No file may be larger than 24 KB; a checkpoint's optimizer is. */
    private static Process withLittleRoom(JobDirectory job) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new ProcessBuilder("bash", "-c", "ulimit -S -f 24; exec \"$@\"", "bash", java.toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:-UsePerfData", "-Dattune.threads=1", "-cp",
                System.getProperty("java.class.path"), TrainerMain.class.getName(), job.path().toString())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static boolean said(JobDirectory job, String words) {
        return job.progress().stream()
                .anyMatch(line -> line instanceof Progress.Note note && note.message().contains(words));
    }
}
