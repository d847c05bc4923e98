package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.engine.data.EncodedExamples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobExamplesTest {
    @TempDir
    Path folder;

    private static List<String> told(JobDirectory job) throws Exception {
        try (JobExamples examples = JobExamples.read(job)) {
            return examples.training().examples().stream()
                    .map(one -> one.line() + Arrays.toString(one.sequences().getFirst().ids())).toList();
        }
    }

    @Test
    void whatWasEncodedOnceIsOpenedAgain() throws Exception {
        JobDirectory job = JobFixture.job(folder, "job", 20, 1, 4, true);
        List<String> first = told(job);
        Path tokens = job.path().resolve("tokens/training.bin");
        FileTime written = Files.getLastModifiedTime(tokens);

        assertThat(told(job)).isEqualTo(first).hasSize(20);
        assertThat(Files.getLastModifiedTime(tokens)).isEqualTo(written);
        try (JobExamples examples = JobExamples.read(job)) {
            assertThat(examples.training().tokens())
                    .isEqualTo(EncodedExamples.of(examples.training().examples(), examples.training().lost()).tokens());
            assertThat(examples.validation().examples()).hasSize(12);
        }
    }

    @Test
    void tokensThatAreCutOrOfAnotherFileAreMadeAgain() throws Exception {
        JobDirectory job = JobFixture.job(folder, "job", 20, 1, 4, false);
        List<String> first = told(job);
        Path tokens = job.path().resolve("tokens/training.bin");
        Files.write(tokens, Arrays.copyOf(Files.readAllBytes(tokens), 100));
        assertThat(told(job)).isEqualTo(first);

        Files.writeString(job.trainingFile(), JobFixture.rows(15, 2));
        assertThat(told(job)).hasSize(15).doesNotContainAnyElementsOf(first);
    }
}
