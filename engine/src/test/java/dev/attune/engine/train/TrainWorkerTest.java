package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.engine.EngineException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes that train one job together. */
class TrainWorkerTest {
    @TempDir
    Path folder;

    /** A worker's process. */
    static final class Main {
        public static void main(String[] args) {
            Runtime.getRuntime().halt(TrainWorker.run(Path.of(args[0]), System.getenv()));
        }
    }

    private List<Process> start(JobDirectory job) throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        var workers = new ArrayList<Process>();
        for (int rank = 0; rank < 2; rank++) {
            var builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m",
                    "-Dattune.threads=1", "-Dorg.bytedeco.javacpp.maxBytes=0",
                    "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0", "-cp", System.getProperty("java.class.path"),
                    Main.class.getName(), job.path().toString());
            builder.environment().putAll(Map.of("OMP_WAIT_POLICY", "PASSIVE", "RANK", Integer.toString(rank),
                    "WORLD_SIZE", "2", "MASTER_ADDR", "127.0.0.1", "MASTER_PORT", Integer.toString(port)));
            workers.add(
                    builder.redirectErrorStream(true).redirectOutput(Redirect.appendTo(log(rank).toFile())).start());
        }
        return workers;
    }

    private Path log(int rank) {
        return folder.resolve("worker-" + rank + ".log");
    }

    private String logs() throws IOException {
        return Files.readString(log(0)) + Files.readString(log(1));
    }

    private static List<Double> losses(JobDirectory job) throws IOException {
        return Files.readAllLines(job.result().resolve("metrics.csv")).stream().skip(1)
                .map(line -> Double.parseDouble(line.split(",", -1)[1])).toList();
    }

    @Test
    void twoProcessesHaveTheLossesOfOneWithTheWholeBatch() throws Exception {
        JobDirectory alone = JobFixture.job(folder, "alone", 25, 4, 6, true);
        JobFixture.trainer(alone).run();
        JobDirectory job = JobFixture.job(folder, "job", 25, 4, 6, true);

        for (Process worker : start(job)) {
            assertThat(worker.waitFor()).as(logs()).isZero();
        }

        assertThat(job.outcome()).as(logs()).containsInstanceOf(Progress.Succeeded.class);
        List<Double> expected = losses(alone);
        List<Double> actual = losses(job);
        assertThat(actual).hasSameSizeAs(expected).hasSize(20);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i)).as("loss of step " + (i + 1)).isCloseTo(expected.get(i), within(2e-4));
        }
        assertThat(job.rowLosses()).hasSize(4 * 25);
        for (int i = 0; i < job.rowLosses().size(); i++) {
            RowLoss own = job.rowLosses().get(i);
            RowLoss other = alone.rowLosses().get(i);
            assertThat(own).usingRecursiveComparison().ignoringFields("loss").isEqualTo(other);
            assertThat(own.loss()).as("%s", other).isCloseTo(other.loss(), within(5e-3));
        }
    }

    @Test
    void aDeadWorkerEndsTheRunWithASentenceAndOneAloneGoesOn() throws Exception {
        JobDirectory job = JobFixture.job(folder, "job", 24, 50, 2, false);
        List<Process> workers = start(job);
        long end = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while (job.progress().stream().noneMatch(Progress.Step.class::isInstance)) {
            assertThat(workers).as(logs()).allMatch(Process::isAlive);
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(20);
        }
        workers.get(1).destroyForcibly().waitFor();

        assertThat(workers.get(0).waitFor()).as(logs()).isEqualTo(TrainerProcess.INTERRUPTED);
        int reached = job.checkpoints().getLast().step();
        assertThat(job.progress()).last().isInstanceOfSatisfying(Progress.Note.class,
                note -> assertThat(note.message()).isEqualTo("Another of the 2 workers is gone: training stopped after"
                        + " step " + reached + "; start the workers again, any number of them goes on."));

        JobFixture.trainer(job, JobFixture.stopAfter(3)).run();
        assertThat(job.checkpoints()).last().extracting(Checkpoint::step).isEqualTo(reached + 3);
    }

    @Test
    void whatLaunchersSayIsReadAndAllThatIsWrongIsTold() {
        assertThat(
                WorkerPlace.of(Map.of("RANK", "1", "WORLD_SIZE", "2", "MASTER_ADDR", "host", "MASTER_PORT", "29500")))
                .isEqualTo(new WorkerPlace(1, 2, "host", 29500));
        assertThatThrownBy(() -> WorkerPlace.of(Map.of("RANK", "2", "WORLD_SIZE", "2", "MASTER_PORT", "x")))
                .isInstanceOf(EngineException.class).hasMessageContaining("RANK must be a number from 0 to 1, not '2'")
                .hasMessageContaining("MASTER_PORT must be").hasMessageContaining("MASTER_ADDR must be");
    }
}
