package dev.attune.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.methods.SupervisedHyperparameters;
import com.openai.models.finetuning.methods.SupervisedMethod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code kill -9} may not do: lose a job, or leave a trainer behind. */
class KillIT {
    @Test
    void killedTrainerIsStartedAgainAndItsJobSucceeds(@TempDir Path folder) throws InterruptedException {
        Path train = Examples.write(folder.resolve("train.jsonl"), 0, 40);
        try (var server = Serving.start(folder.resolve("home"), 0)) {
            OpenAIClient client = client(server);
            String job = longJob(client, train);
            waitForCheckpoint(client, job);
            List<ProcessHandle> trainers = server.trainers();
            assertThat(trainers).isNotEmpty();
            trainers.forEach(ProcessHandle::destroyForcibly);
            FineTuningJob ended = OpenAiJavaIT.end(client, job);
            assertThat(ended.status()).as(ended.toString()).isEqualTo(FineTuningJob.Status.SUCCEEDED);
            assertThat(steps(client, job)).as("each step is told once").doesNotHaveDuplicates();
            client.close();
        }
    }

    @Test
    void killedServerGoesOnWithItsJobsWhenItIsStartedAgain(@TempDir Path folder) throws InterruptedException {
        Path train = Examples.write(folder.resolve("train.jsonl"), 0, 40);
        Path home = folder.resolve("home");
        String job;
        List<ProcessHandle> trainers;
        try (var server = Serving.start(home, 0)) {
            OpenAIClient client = client(server);
            job = longJob(client, train);
            waitForCheckpoint(client, job);
            trainers = server.trainers();
            assertThat(trainers).isNotEmpty();
            server.kill();
            client.close();
        }
        try (var server = Serving.start(home, 0)) {
            OpenAIClient client = client(server);
            FineTuningJob ended = OpenAiJavaIT.end(client, job);
            assertThat(ended.status()).as(ended.toString()).isEqualTo(FineTuningJob.Status.SUCCEEDED);
            assertThat(steps(client, job)).as("each step is told once").doesNotHaveDuplicates();
            String tuned = ended.fineTunedModel().orElse("");
            assertThat(client.models().retrieve(tuned).id()).isEqualTo(tuned);
            client.close();
        }
        assertThat(trainers).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void stoppedServerLeavesNoTrainerBehind(@TempDir Path folder) throws InterruptedException {
        Path train = Examples.write(folder.resolve("train.jsonl"), 0, 40);
        try (var server = Serving.start(folder.resolve("home"), 0)) {
            OpenAIClient client = client(server);
            waitForCheckpoint(client, longJob(client, train));
            List<ProcessHandle> trainers = server.trainers();
            assertThat(trainers).isNotEmpty();
            client.close();
            server.stop();
            long deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
            while (trainers.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < deadline) {
                Thread.sleep(100);
            }
            assertThat(trainers).noneMatch(ProcessHandle::isAlive);
        }
    }

    private static OpenAIClient client(Serving server) {
        return OpenAIOkHttpClient.builder().baseUrl(server.baseUrl()).apiKey("any").build();
    }

    private static String longJob(OpenAIClient client, Path train) {
        var method = SupervisedMethod.builder()
                .hyperparameters(SupervisedHyperparameters.builder().nEpochs(40).batchSize(4).build()).build();
        return client.fineTuning().jobs().create(JobCreateParams.builder().model(Serving.MODEL)
                .trainingFile(OpenAiJavaIT.upload(client, train).id())
                .method(JobCreateParams.Method.builder().type(JobCreateParams.Method.Type.SUPERVISED).supervised(method)
                        .build())
                .build()).id();
    }

    private static void waitForCheckpoint(OpenAIClient client, String job) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (client.fineTuning().jobs().checkpoints().list(job).items().isEmpty()) {
            FineTuningJob now = client.fineTuning().jobs().retrieve(job);
            assertThat(now.finishedAt()).as("ended before it could be killed: %s", now).isEmpty();
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    private static List<String> steps(OpenAIClient client, String job) {
        return client.fineTuning().jobs().listEvents(job).autoPager().stream().map(event -> event.message())
                .filter(message -> message.startsWith("Step ")).map(message -> message.split(":", 2)[0]).toList();
    }
}
