package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.engine.data.OverLength;
import dev.attune.engine.model.LossSum;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The losses of rows are those of the model as each row came up, one for each row and epoch. */
class RowLossesTest {
    @TempDir
    Path folder;

    private static List<RowLoss> of(JobDirectory job, int epoch) {
        return job.rowLosses().stream().filter(row -> row.epoch() == epoch).toList();
    }

    /** What the model of a checkpoint says of all rows, piece by piece. */
    private static TreeMap<Integer, BatchSum> measured(JobDirectory job, Checkpoint checkpoint) throws Exception {
        var byLine = new TreeMap<Integer, BatchSum>();
        try (JobExamples examples = JobExamples.read(job);
                JobRun run = JobRun.resume(job.spec(), examples, checkpoint.directory(),
                        job.store().state(checkpoint))) {
            run.takeReferences(job.path().resolve(ReferenceFile.NAME));
            run.measureRows(row -> byLine.merge(row.line(), row.sum(), BatchSum::plus));
        }
        return byLine;
    }

    private static void assertSame(List<RowLoss> rows, TreeMap<Integer, BatchSum> measured, double bound) {
        assertThat(rows).extracting(RowLoss::line).isEqualTo(List.copyOf(measured.keySet()));
        for (RowLoss row : rows) {
            BatchSum sum = measured.get(row.line());
            assertThat(row.loss()).as("line %s", row.line()).isCloseTo(sum.meanLoss(), within(bound));
            assertThat(row.tokens()).isEqualTo((int) sum.tokens().tokens());
        }
    }

    private void assertCheckpointsAgree(JobDirectory job, int epochs) throws Exception {
        for (int epoch = 1; epoch < epochs; epoch++) {
            int done = epoch;
            Checkpoint checkpoint = job.checkpoints().stream().filter(each -> each.epochsDone() == done).findFirst()
                    .orElseThrow();
            assertSame(of(job, epoch), measured(job, checkpoint), 2e-5);
        }
    }

    /** Where an epoch is one step, all rows come up as the model stood at the end of the epoch before. */
    @Test
    void whereAnEpochIsOneStepEachLossIsThatOfTheCheckpoint() throws Exception {
        JobDirectory job = JobFixture.job(folder, "job", 14, 3, 14, false);
        JobFixture.trainer(job).run();

        assertThat(job.rowLosses()).hasSize(3 * 14);
        assertCheckpointsAgree(job, 4);
        assertThat(Files.list(job.path()).map(path -> path.getFileName().toString())).noneMatch(
                name -> name.endsWith(".bin"));
    }

    @Test
    void piecesOfASplitRowAreOneRow() throws Exception {
        JobSpec spec = JobFixture.spec(false, 3, 64);
        JobDirectory job = JobDirectory.create(folder.resolve("job"),
                spec.withData(spec.data().withLength(9, OverLength.SPLIT)),
                JobFixture.write(folder.resolve("training.jsonl"), JobFixture.rows(10, 3)));
        JobFixture.trainer(job).run();
        try (JobExamples examples = JobExamples.read(job)) {
            assertThat(examples.training().examples().size()).as("pieces").isGreaterThan(10);
        }
        assertThat(job.rowLosses()).hasSize(30);
        assertCheckpointsAgree(job, 4);
    }

    @Test
    void ofAPairItIsThePairsLoss() throws Exception {
        JobDirectory job = JobFixture.preferences(folder, "job", 10, 3, 10);
        JobFixture.trainer(job).run();

        assertThat(job.rowLosses()).hasSize(30);
        assertCheckpointsAgree(job, 4);
    }

    /** With many steps an epoch each row's loss is that of the model just before the row's own step. */
    @Test
    void aLossIsThatOfTheModelBeforeTheRowsOwnUpdate_andReplayedRowsHaveNone() throws Exception {
        JobSpec plain = JobFixture.spec(false, 3, 4);
        JobDirectory job = JobDirectory.create(folder.resolve("job"),
                plain.withData(plain.data().withReplay("", 0.25)),
                JobFixture.write(folder.resolve("training.jsonl"), JobFixture.rows(12, 1)),
                JobFixture.write(folder.resolve("replay.jsonl"), JobFixture.rows(6, 2)));
        JobFixture.trainer(job).run();

        var expected = new TreeMap<Integer, List<Double>>();
        try (JobExamples examples = JobExamples.read(job); JobRun run = JobRun.begin(job.spec(), examples, 1)) {
            while (!run.done()) {
                var now = new TreeMap<Integer, Double>();
                run.measureRows(row -> now.put(row.line(), row.sum().meanLoss()));
                boolean counts = run.state().epochsDone() > 0;
                for (MeasuredExample row : run.step().rows()) {
                    if (counts) {
                        expected.computeIfAbsent(row.line(), line -> new ArrayList<>()).add(now.get(row.line()));
                    }
                }
            }
            run.measureRows(row -> expected.get(row.line()).add(row.sum().meanLoss()));
        }
        assertThat(job.rowLosses()).hasSize(36);
        for (RowLoss row : job.rowLosses()) {
            assertThat(row.loss()).as("%s", row)
                    .isCloseTo(expected.get(row.line()).get(row.epoch() - 1), within(2e-5));
        }
    }

    @Test
    void aTrainerThatIsStoppedAgainAndAgainMissesNoRowAndHasNoneTwice() throws Exception {
        JobDirectory job = JobFixture.job(folder, "job", 13, 4, 3, true);
        JobDirectory stopped = JobFixture.job(folder, "stopped", 13, 4, 3, true);
        JobFixture.trainer(job).run();
        while (JobFixture.trainer(stopped, JobFixture.stopAfter(2)).run() == Trainer.Rest.STOPPED) {
            assertThat(stopped.outcome()).isEmpty();
        }
        assertThat(stopped.path().resolve(RowLossFile.NAME))
                .hasSameBinaryContentAs(job.path().resolve(RowLossFile.NAME));
        assertThat(job.rowLosses()).hasSize(4 * 13);
    }

    @Test
    void aJobThatDoesNotWantThemHasNone() throws Exception {
        Path rows = JobFixture.write(folder.resolve("training.jsonl"), JobFixture.rows(10, 1));
        JobDirectory job = JobDirectory.create(folder.resolve("job"),
                JobFixture.spec(false, 2, 4).watched(new Watch(0, 0, false)), rows);
        JobFixture.trainer(job).run();

        assertThat(job.outcome()).containsInstanceOf(Progress.Succeeded.class);
        assertThat(job.rowLosses()).isEmpty();
        assertThat(job.path().resolve(RowLossFile.NAME)).doesNotExist();
    }

    @Test
    void theLastEpochIsMeasuredAlsoWhereTrainingEndsEarly() throws Exception {
        JobSpec plain = JobFixture.spec(true, 20, 2);
        JobDirectory job = JobDirectory.create(folder.resolve("job"), new JobSpec(plain.jobId(), plain.base(), "", "",
                plain.data(), plain.method(), plain.tuning(), plain.precision(), new Hyperparameters(20, 2, 20),
                new Watch(1, 0, true), plain.seed(), plain.versions()),
                JobFixture.write(folder.resolve("training.jsonl"), JobFixture.rows(10, 1)),
                JobFixture.write(folder.resolve("validation.jsonl"), JobFixture.rows(10, 2)));
        JobFixture.trainer(job).run();

        int epochs = job.checkpoints().getLast().epochsDone();
        assertThat(epochs).as("ended early").isLessThan(20);
        assertThat(job.rowLosses()).hasSize(10 * epochs);
        assertSame(of(job, epochs), measured(job, job.checkpoints().getLast()), 1e-9);
    }

    /** Places are filled in any order, some twice as by a trainer that goes on, and another epoch's do not count. */
    @Test
    void placesAreReadInTheFilesOrder() throws Exception {
        long seed = JobFixture.SEED;
        System.out.println("seed " + seed);
        Path file = folder.resolve("places");
        int examples = 9000;
        try (EpochLosses before = EpochLosses.open(file, 1, examples)) {
            for (int i = 0; i < examples; i++) {
                before.put(new MeasuredExample(i, i + 1, new BatchSum(new LossSum(99, 1, 0), PreferenceSum.ZERO)));
            }
        }
        var order = new ArrayList<Integer>();
        for (int i = 0; i < examples; i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(seed));
        order.addAll(List.copyOf(order.subList(examples - 50, examples)));
        var rows = new ArrayList<RowLoss>();
        try (EpochLosses losses = EpochLosses.open(file, 3, examples)) {
            for (int i : order) {
                // Every third row is of two pieces; one row was never found.
                int line = 1 + i - (i % 3 == 2 ? 1 : 0);
                if (i != 4500) {
                    losses.put(new MeasuredExample(i, line, new BatchSum(new LossSum(2.0 * i, 4, 0),
                            PreferenceSum.ZERO)));
                }
            }
            losses.each(rows::add);
        }
        assertThat(rows).hasSize(examples - examples / 3 - 1).contains(new RowLoss(1, 3, 0, 4),
                new RowLoss(2, 3, (2.0 + 4.0) / 8, 8), new RowLoss(8999, 3, (2.0 * 8998 + 2.0 * 8999) / 8, 8));
        assertThat(rows).extracting(RowLoss::line).isSorted().doesNotHaveDuplicates().doesNotContain(4501);
    }
}
