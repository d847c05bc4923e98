package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.engine.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowReportTest {
    @TempDir
    Path folder;

    private static String row(String asked, String answer) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":\"" + asked
                + "\"},{\"role\":\"assistant\",\"content\":\"" + answer + "\"}]}\n";
    }

    /** Twenty rows on parcels, one of which is answered otherwise, and two that nothing resembles. */
    private JobDirectory job(List<List<Double>> epochs) throws Exception {
        var rows = new StringBuilder();
        for (int i = 1; i <= 20; i++) {
            rows.append(row("where is my parcel number " + i, i == 7 ? "refund" : "shipping"));
        }
        rows.append(row("sing", "la")).append(row("count backwards", "three two one"));
        JobDirectory job = JobDirectory.create(folder.resolve("job"), JobFixture.spec(false, 3, 4),
                JobFixture.write(folder.resolve("training.jsonl"), rows.toString()));
        for (int epoch = 1; epoch <= epochs.size(); epoch++) {
            var losses = new ArrayList<RowLoss>();
            for (int line = 1; line <= epochs.get(epoch - 1).size(); line++) {
                losses.add(new RowLoss(line, epoch, epochs.get(epoch - 1).get(line - 1), 3));
            }
            add(job, epoch, losses);
        }
        return job;
    }

    private static void add(JobDirectory job, int epoch, List<RowLoss> losses) throws Exception {
        RowLossFile.add(job.path().resolve(RowLossFile.NAME), epoch, visitor -> {
            for (RowLoss loss : losses) {
                visitor.visit(loss);
            }
        });
    }

    private static List<Double> losses(double plain, double wrong, double odd) {
        var losses = new ArrayList<Double>();
        for (int line = 1; line <= 22; line++) {
            losses.add(line == 7 ? wrong : line > 20 ? odd : plain);
        }
        return losses;
    }

    @Test
    void aHardRowAmongEasyOnesThatAskTheSameIsSuspectedAndOneThatStandsAloneIsNot() throws Exception {
        RowReport report = RowReport.of(job(List.of(losses(1, 3, 4), losses(0.2, 2.5, 3), losses(0.1, 0.3, 0.2))), 5);

        assertThat(report.epochs()).isEqualTo(3);
        assertThat(report.rows()).isEqualTo(22);
        assertThat(report.suspects()).singleElement().satisfies(suspect -> {
            assertThat(suspect.row().line()).isEqualTo(7);
            assertThat(suspect.row().asked()).isEqualTo("where is my parcel number 7");
            assertThat(suspect.row().answer()).isEqualTo("refund");
            assertThat(suspect.neighbours()).hasSize(5).doesNotContain(7, 21, 22);
            assertThat(suspect.neighboursLoss()).isCloseTo(1.3 / 3, within(1e-9));
        });
        assertThat(report.highest()).extracting(RowReport.Entry::line).startsWith(7, 21, 22).hasSize(5);
        assertThat(report.rising()).isEmpty();
    }

    @Test
    void rowsThatAreAllAlikeAreNotSuspected() throws Exception {
        RowReport report = RowReport.of(job(List.of(losses(1, 1.1, 1))), 5);
        assertThat(report.suspects()).isEmpty();
    }

    @Test
    void aLossThatRisesAgainIsTold() throws Exception {
        RowReport report = RowReport.of(job(List.of(losses(1, 3, 1), losses(0.5, 1, 0.2), losses(0.52, 1.5, 1.2))), 5);
        assertThat(report.rising()).extracting(RowReport.Entry::line).containsExactly(21, 22, 7);
    }

    @Test
    void beforeTheFirstEpochsEndThereIsNothing() throws Exception {
        RowReport report = RowReport.of(job(List.of()), 5);
        assertThat(report.rows()).isZero();
        assertThat(report.highest()).isEmpty();
    }

    @Test
    void anEpochThatIsMeasuredAgainTakesThePlaceOfWhatWasThere() throws Exception {
        JobDirectory job = job(List.of(losses(1, 1, 1), losses(2, 2, 2)));
        add(job, 2, List.of(new RowLoss(1, 2, 0.5, 3)));
        assertThat(job.rowLosses()).hasSize(23).last().isEqualTo(new RowLoss(1, 2, 0.5, 3));
    }

    @Test
    void aDamagedFileIsNamed() throws Exception {
        JobDirectory job = job(List.of());
        Files.writeString(job.path().resolve(RowLossFile.NAME), "{\"line\":");
        assertThatThrownBy(job::rowLosses).isInstanceOf(EngineException.class).hasMessageContaining("rows.jsonl");
    }
}
