package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.LoraConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobDirectoryTest {
    @TempDir
    Path folder;

    @Test
    void aJobReadAgainIsTheJobThatWasMade() {
        JobDirectory made = JobFixture.job(folder, "job", 12, 3, 4, true);

        JobDirectory read = JobDirectory.open(made.path());

        assertThat(read.spec()).isEqualTo(made.spec());
        assertThat(read.progress()).isEmpty();
        assertThat(read.outcome()).isEmpty();
        assertThat(read.checkpoints()).isEmpty();
    }

    @Test
    void theDataIsCopiedInSoThatLaterChangesDoNotReachTheJob() throws Exception {
        JobDirectory job = JobFixture.job(folder, "job", 12, 1, 4, false);
        String before = Files.readString(job.trainingFile());

        Files.writeString(folder.resolve("job-training.jsonl"), "changed");

        assertThat(Files.readString(job.trainingFile())).isEqualTo(before).isEqualTo(
                JobFixture.rows(12, JobFixture.SEED));
    }

    @Test
    void aJobWhoseDataIsMissingLeavesNothingBehind() {
        Path missing = folder.resolve("missing.jsonl");

        assertThatThrownBy(() -> JobDirectory.create(folder.resolve("job"), JobFixture.spec(false, 1, 4), missing))
                .isInstanceOf(EngineException.class).hasMessageContaining("missing.jsonl");

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aDirectoryThatExistsIsNotOverwritten() {
        JobDirectory job = JobFixture.job(folder, "job", 12, 1, 4, false);

        assertThatThrownBy(
                () -> JobDirectory.create(job.path(), job.spec(), folder.resolve("job-training.jsonl")))
                .isInstanceOf(EngineException.class).hasMessageContaining("exists already");
    }

    @Test
    void aDirectoryWithoutJobIsRefusedByName() {
        assertThatThrownBy(() -> JobDirectory.open(folder)).isInstanceOf(EngineException.class)
                .hasMessageContaining(folder.toString()).hasMessageContaining("job.json");
    }

    @Test
    void onlyOneTrainerAtATimeHasTheDirectory() throws Exception {
        JobDirectory job = JobFixture.job(folder, "job", 12, 1, 4, false);

        try (AutoCloseable first = job.lock().orElseThrow()) {
            assertThat(first).isNotNull();
            assertThat(job.lock()).isEmpty();
        }

        try (AutoCloseable again = job.lock().orElseThrow()) {
            assertThat(again).isNotNull();
        }
    }

    @Test
    void settingsOutsideOpenAisRangesAreRefused() {
        assertThatThrownBy(() -> JobFixture.spec(false, 51, 4)).hasMessageContaining("1 to 50, not 51");
        assertThatThrownBy(() -> JobFixture.spec(false, 1, 257)).hasMessageContaining("1 to 256, not 257");
        assertThatThrownBy(() -> JobSpec.of("j", JobFixture.BASE, new Tuning.Lora(LoraConfig.allLinear(4)),
                new Hyperparameters(1, 1, 0), 1)).hasMessageContaining("above 0");
    }
}
