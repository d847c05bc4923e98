package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.engine.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trainers killed with {@code kill -9}, {@code -Dattune.kills} times together (20): anywhere, start included; in training;
 * while a checkpoint is being written. Now and then the newest checkpoint is damaged as well. What they end with is
 * compared byte by byte with what an undisturbed trainer made.
 */
@EnabledOnOs(OS.LINUX)
class KilledTrainerTest {
    private static final int KILLS = Integer.getInteger("attune.kills", 20);
    private static final int LONGEST_START_MILLIS = 3000;
    private static final int LONGEST_WRITE_MICROS = 6000;
    private static final List<String> SET = List.of("attune.threads", "attune.checkpointSeconds");

    @TempDir
    Path folder;
    private final Random random = new Random(JobFixture.SEED);
    private final Set<String> damaged = new HashSet<>();
    private int insideWrites;

    @BeforeEach
    void computeWithOneThread() {
        System.out.println("seed " + JobFixture.SEED);
        System.setProperty("attune.threads", "1");
    }

    @AfterEach
    void restore() {
        SET.forEach(System::clearProperty);
    }

    @Test
    void anAdapterIsTheSameHoweverOftenItsTrainerWasKilled() throws Exception {
        survive(KILLS - 2 * few(), name -> JobFixture.job(folder, name, 16, 25, 2, true));

        assertThat(insideWrites).as("kills that left half a checkpoint").isPositive();
    }

    @Test
    void anAdapterOfPreferencesIsTheSameHoweverOftenItsTrainerWasKilled() throws Exception {
        survive(few(), name -> JobFixture.preferences(folder, name, 16, 12, 2));
    }

    @Test
    void aWholeModelIsTheSameHoweverOftenItsTrainerWasKilled() throws Exception {
        Path rows = JobFixture.write(folder.resolve("rows.jsonl"), JobFixture.rows(16, JobFixture.SEED));
        JobSpec spec = JobSpec.of("ftjob-test", JobFixture.BASE, new Tuning.Full(), new Hyperparameters(12, 2, 1),
                JobFixture.SEED);
        survive(few(), name -> JobDirectory.create(folder.resolve(name), spec, rows));
    }

    private static int few() {
        return Math.max(1, KILLS * 3 / 20);
    }

    /** Kills trainers of one job after another until there were enough kills; each job is then left to end. */
    private void survive(int wanted, Function<String, JobDirectory> make) throws Exception {
        long began = System.nanoTime();
        JobDirectory undisturbed = make.apply("undisturbed");
        JobFixture.trainer(undisturbed).run();
        assertThat(undisturbed.outcome()).containsInstanceOf(Progress.Succeeded.class);
        int kills = 0;
        int jobs = 0;
        while (kills < wanted) {
            JobDirectory job = make.apply("killed-" + jobs++);
            damaged.clear();
            while (kills < wanted && killed(job)) {
                kills++;
                if (random.nextInt(4) == 0) {
                    damageNewest(job);
                }
            }
            end(job);
            assertSame(job, undisturbed);
        }
        System.out.printf(Locale.ROOT, "%d kills, %d of them inside a write, in %d jobs and %.0f s%n", kills,
                insideWrites, jobs, (System.nanoTime() - began) / 1e9);
    }

    /** One life of a trainer, ended by a kill, unless the job ends before. */
    private boolean killed(JobDirectory job) throws Exception {
        System.setProperty("attune.checkpointSeconds", random.nextBoolean() ? "0" : "30");
        int told = job.progress().size();
        int way = random.nextInt(6);
        try (TrainerProcess trainer = TrainerProcess.start(job)) {
            if (way == 0) {
                Thread.sleep(random.nextInt(LONGEST_START_MILLIS));
            } else {
                await(trainer, 5, () -> job.progress().size() > told + 1);
                if (way < 3) {
                    Thread.sleep(random.nextInt(300));
                } else {
                    await(trainer, 0, () -> !partial(job).isEmpty());
                    pause(random.nextInt(LONGEST_WRITE_MICROS));
                }
            }
            boolean alive = trainer.isAlive();
            trainer.destroyForcibly();
            trainer.waitFor();
            insideWrites += alive && !partial(job).isEmpty() ? 1 : 0;
            return alive && job.outcome().isEmpty();
        }
    }

    private static void await(TrainerProcess trainer, int millis, BooleanSupplier condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (trainer.isAlive() && !condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            if (millis > 0) {
                Thread.sleep(millis);
            }
        }
    }

    private static void pause(int micros) {
        long end = System.nanoTime() + micros * 1000L;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    /** Checkpoints that are being written. */
    private static List<Path> partial(JobDirectory job) {
        try (Stream<Path> all = Files.list(job.path().resolve("checkpoints"))) {
            return all.filter(path -> path.toString().endsWith(DurableFiles.PARTIAL)).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Cuts a file of the newest checkpoint, turns one bit of it, or removes it. */
    private void damageNewest(JobDirectory job) throws IOException {
        List<Checkpoint> whole = job.checkpoints();
        if (whole.isEmpty() || !damaged.add(whole.getLast().directory().getFileName().toString())) {
            return;
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(whole.getLast().directory())) {
            files = new ArrayList<>(all.filter(Files::isRegularFile).sorted().toList());
        }
        Path file = files.get(random.nextInt(files.size()));
        byte[] bytes = Files.readAllBytes(file);
        switch (random.nextInt(3)) {
            case 0 -> Files.write(file, java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            case 1 -> {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, bytes);
            }
            default -> Files.delete(file);
        }
    }

    private static void end(JobDirectory job) throws Exception {
        System.clearProperty("attune.checkpointSeconds");
        try (TrainerProcess trainer = TrainerProcess.start(job)) {
            assertThat(trainer.waitFor()).as(Files.readString(job.log())).isZero();
        }
    }

    private void assertSame(JobDirectory job, JobDirectory undisturbed) throws IOException {
        assertThat(job.outcome()).containsInstanceOf(Progress.Succeeded.class);
        assertThat(JobFixture.fingerprint(job.result())).isEqualTo(JobFixture.fingerprint(undisturbed.result()));
        assertThat(job.path().resolve(RowLossFile.NAME))
                .hasSameBinaryContentAs(undisturbed.path().resolve(RowLossFile.NAME));
        assertThat(job.progress()).extracting(Progress::seq).isSorted().doesNotHaveDuplicates();
        assertThat(partial(job)).isEmpty();
        for (String name : damaged) {
            assertThat(job.progress()).as("damage of %s is told", name)
                    .anyMatch(line -> line instanceof Progress.Note note
                            && note.message().contains(name + " is damaged"));
        }
    }
}
