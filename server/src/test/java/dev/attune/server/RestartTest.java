package dev.attune.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.jobs.JobListEventsParams;
import dev.attune.server.operating.ServerSettings;
import dev.attune.server.store.ServerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {
    @TempDir
    private Path home;

    @Test
    void filesAndJobsOfTheServerBeforeAreThere_andHalfUploadsAreNot() throws Exception {
        String file;
        String job;
        try (var rig = Rig.start(home)) {
            file = rig.upload(Rig.rows(3));
            job = rig.client().fineTuning().jobs()
                    .create(JobCreateParams.builder().model(Rig.BASE).trainingFile(file).build()).id();
        }
        Path half = Files.writeString(home.resolve("incoming").resolve("in-half"), "half");

        try (var rig = Rig.start(home)) {
            assertThat(half).doesNotExist();
            assertThat(rig.client().files().retrieve(file).bytes()).isEqualTo(Rig.rows(3).length());
            assertThat(rig.awaitEnd(job).status()).isEqualTo(FineTuningJob.Status.FAILED);
        }
    }

    @Test
    void jobThatWasTrainingGoesOn_andTheQueueKeepsItsOrder() throws Exception {
        String training;
        String waiting;
        try (var rig = Rig.start(home)) {
            String file = rig.upload(Rig.rows(400));
            training = rig.client().fineTuning().jobs().create(JobCreateParams.builder().model(Rig.BASE)
                    .trainingFile(file)
                    .hyperparameters(JobCreateParams.Hyperparameters.builder().nEpochs(3).batchSize(2).build()).build())
                    .id();
            waiting = rig.client().fineTuning().jobs().create(JobCreateParams.builder().model(Rig.BASE)
                    .trainingFile(file)
                    .hyperparameters(JobCreateParams.Hyperparameters.builder().nEpochs(1).batchSize(32).build())
                    .build()).id();
            rig.await(training, Set.of("running"), Duration.ofSeconds(30));
            rig.await(waiting, Set.of("queued"), Duration.ofSeconds(30));
            awaitStep(rig, training);
            assertThat(rig.client().fineTuning().jobs().retrieve(training).status())
                    .isEqualTo(FineTuningJob.Status.RUNNING);
        }

        try (var rig = Rig.start(home)) {
            FineTuningJob first = rig.awaitEnd(training);
            FineTuningJob second = rig.awaitEnd(waiting);

            assertThat(first.status()).as(String.valueOf(first.error())).isEqualTo(FineTuningJob.Status.SUCCEEDED);
            assertThat(second.status()).isEqualTo(FineTuningJob.Status.SUCCEEDED);
            assertThat(second.finishedAt().orElseThrow()).isGreaterThanOrEqualTo(first.finishedAt().orElseThrow());
            List<String> steps = messages(rig, training).stream().filter(m -> m.startsWith("Step "))
                    .map(m -> m.substring(0, m.indexOf('/'))).toList();
            assertThat(steps).doesNotHaveDuplicates();
            assertThat(messages(rig, training)).containsOnlyOnce("Fine-tuning job started",
                    "The job has successfully completed");
        }
    }

    @Test
    void trainerThatIsKilledIsStartedAgain() throws Exception {
        try (var rig = Rig.start(home)) {
            String id = rig.client().fineTuning().jobs().create(JobCreateParams.builder().model(Rig.BASE)
                    .trainingFile(rig.upload(Rig.rows(400)))
                    .hyperparameters(JobCreateParams.Hyperparameters.builder().nEpochs(3).batchSize(2).build()).build())
                    .id();
            awaitStep(rig, id);
            List<ProcessHandle> trainers = ProcessHandle.current().children().toList();
            assertThat(trainers).hasSize(1);
            trainers.forEach(ProcessHandle::destroyForcibly);

            FineTuningJob job = rig.awaitEnd(id);

            assertThat(job.status()).as(String.valueOf(job.error())).isEqualTo(FineTuningJob.Status.SUCCEEDED);
            assertThat(messages(rig, id)).anyMatch(m -> m.contains("started again") && m.contains("restart 1 of 3"));
        }
    }

    @Test
    void oneHomeHasOneServer() {
        try (var rig = Rig.start(home)) {
            assertThatThrownBy(() -> AttuneServer.start(Rig.settings(home, 0, ""))).isInstanceOf(ServerException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid()).hasMessageContaining("home");
            assertThat(rig.client().models().list().data()).isNotEmpty();
        }
    }

    @Test
    void portInUseIsSaidInOneSentence_andTheHomeIsGivenBack(@TempDir Path other) {
        try (var rig = Rig.start(home)) {
            int port = rig.server().port();
            assertThatThrownBy(() -> AttuneServer.start(Rig.settings(other, port, "")))
                    .isInstanceOf(ServerException.class)
                    .hasMessage(
                            "Port " + port + " on 127.0.0.1 is in use by another program; stop it, or choose another"
                                    + " port (0 picks a free one).");
        }
        Rig.start(other).close();
    }

    @Test
    void homeThatIsAFileOrNotWritableIsSaidInOneSentence(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThatThrownBy(() -> AttuneServer.start(Rig.settings(file, 0, ""))).isInstanceOf(ServerException.class)
                .hasMessageContaining(file.toString());

        Path closed = Files.createDirectory(folder.resolve("closed"));
        assumeFalse(!closed.toFile().setWritable(false) || Files.isWritable(closed), "this user may write everywhere");
        assertThatThrownBy(() -> AttuneServer.start(Rig.settings(closed, 0, ""))).isInstanceOf(ServerException.class)
                .hasMessageContaining("permission is denied");
    }

    @Test
    void databaseOfANewerAttuneIsLeftAlone() throws Exception {
        Rig.start(home).close();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("attune.db"));
                var statement = connection.createStatement()) {
            statement.execute("insert into schema_version values (99, 'later', 0)");
        }

        assertThatThrownBy(() -> AttuneServer.start(Rig.settings(home, 0, ""))).isInstanceOf(ServerException.class)
                .hasMessageContaining("schema version 99");
    }

    @Test
    void listeningBeyondLoopbackNeedsAKey() {
        var settings = new ServerSettings(home, "0.0.0.0", 0, List.of(Rig.FIXTURES), "", "acme");

        assertThatThrownBy(() -> AttuneServer.start(settings)).isInstanceOf(ServerException.class)
                .hasMessageContaining("set an API key");
    }

    private static void awaitStep(Rig rig, String id) throws InterruptedException {
        for (int i = 0; i < 600 && messages(rig, id).stream().noneMatch(m -> m.startsWith("Step ")); i++) {
            Thread.sleep(50);
        }
        assertThat(messages(rig, id)).anyMatch(m -> m.startsWith("Step "));
    }

    /** Oldest first. */
    private static List<String> messages(Rig rig, String id) {
        return rig.client().fineTuning().jobs()
                .listEvents(JobListEventsParams.builder().fineTuningJobId(id).limit(1000).build()).data().stream()
                .map(event -> event.message()).toList().reversed();
    }
}
