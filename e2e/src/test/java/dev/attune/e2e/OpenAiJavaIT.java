package dev.attune.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.FineTuningJobEvent;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.methods.SupervisedHyperparameters;
import com.openai.models.finetuning.methods.SupervisedMethod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official Java SDK, unmodified, against {@code attune serve}; every answer passes its strict {@code validate()}. */
class OpenAiJavaIT {
    @Test
    void uploadsTunesFollowsAndChats(@TempDir Path folder) throws InterruptedException {
        Path train = Examples.write(folder.resolve("train.jsonl"), 0, 24);
        Path validation = Examples.write(folder.resolve("validation.jsonl"), 100, 6);
        try (var server = Serving.start(folder.resolve("home"), 0)) {
            OpenAIClient client = OpenAIOkHttpClient.builder().baseUrl(server.baseUrl()).apiKey("any").build();
            assertThat(client.models().list().items()).anyMatch(model -> model.validate().id().equals(Serving.MODEL));
            FileObject training = upload(client, train);
            FineTuningJob created = client.fineTuning().jobs().create(JobCreateParams.builder().model(Serving.MODEL)
                    .trainingFile(training.id()).validationFile(upload(client, validation).id()).suffix("java").seed(3)
                    .method(JobCreateParams.Method.builder().type(JobCreateParams.Method.Type.SUPERVISED)
                            .supervised(SupervisedMethod.builder()
                                    .hyperparameters(
                                            SupervisedHyperparameters.builder().nEpochs(2).batchSize(4).build())
                                    .build())
                            .build())
                    .build()).validate();

            FineTuningJob job = end(client, created.id());

            assertThat(job.status()).as(job.toString()).isEqualTo(FineTuningJob.Status.SUCCEEDED);
            assertThat(job.trainedTokens().orElse(0L)).isPositive();
            String tuned = job.fineTunedModel().orElse("");
            assertThat(tuned).matches("ft:" + Serving.MODEL + ":[a-z0-9-]+:java:[A-Za-z0-9]{8}");
            List<FineTuningJobEvent> events = client.fineTuning().jobs().listEvents(job.id()).autoPager().stream()
                    .toList();
            events.forEach(FineTuningJobEvent::validate);
            assertThat(events.getLast().message()).contains("Created fine-tuning job");
            assertThat(events.getFirst().message()).isEqualTo("The job has successfully completed");
            assertThat(client.fineTuning().jobs().checkpoints().list(job.id()).items()).hasSize(2)
                    .allSatisfy(checkpoint -> checkpoint.validate());
            assertThat(client.models().retrieve(tuned).validate().id()).isEqualTo(tuned);
            asksTheSameStreamingAndNot(client, tuned);
            client.models().delete(tuned).validate();
            assertThatThrownBy(() -> client.models().retrieve(tuned)).isInstanceOf(NotFoundException.class);
            client.close();
        }
    }

    @Test
    void badRequestsAreToldInOneSentenceWithTheRightStatus(@TempDir Path folder) throws InterruptedException {
        try (var server = Serving.start(folder.resolve("home"), 0)) {
            OpenAIClient client = OpenAIOkHttpClient.builder().baseUrl(server.baseUrl()).apiKey("any").maxRetries(0)
                    .build();
            FileObject good = upload(client, Examples.write(folder.resolve("good.jsonl"), 0, 12));
            assertThatThrownBy(() -> upload(client, Examples.write(folder.resolve("empty.jsonl"), List.of())))
                    .isInstanceOf(BadRequestException.class);
            assertThatThrownBy(() -> client.fineTuning().jobs().create(job("no-such-model", good.id())))
                    .isInstanceOfAny(BadRequestException.class, NotFoundException.class)
                    .hasMessageContaining("no-such-model");
            assertThatThrownBy(() -> client.fineTuning().jobs().create(job(Serving.MODEL, "file-nowhere")))
                    .isInstanceOfAny(BadRequestException.class, NotFoundException.class)
                    .hasMessageContaining("file-nowhere");
            assertThatThrownBy(() -> client.fineTuning().jobs().retrieve("ftjob-nowhere"))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining("ftjob-nowhere");
            FileObject nine = upload(client, Examples.write(folder.resolve("nine.jsonl"), 0, 9));
            assertThat(refused(client, nine.id())).contains("has 9 example(s)").contains("at least 10");
            assertThat(client.models().list().items()).noneMatch(model -> model.id().startsWith("ft:"));
            client.close();
        }
    }

    /** What a bad file's job says, whether it is refused at once or fails while files are validated. */
    private static String refused(OpenAIClient client, String file) throws InterruptedException {
        try {
            FineTuningJob job = end(client, client.fineTuning().jobs().create(job(Serving.MODEL, file)).id());
            assertThat(job.status()).isEqualTo(FineTuningJob.Status.FAILED);
            return job.error().map(FineTuningJob.Error::message).orElse("");
        } catch (BadRequestException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static void asksTheSameStreamingAndNot(OpenAIClient client, String model) {
        var question = ChatCompletionCreateParams.builder().model(model).addSystemMessage("Answer briefly.")
                .addUserMessage("the word number 5").temperature(0).maxCompletionTokens(12).build();
        ChatCompletion whole = client.chat().completions().create(question).validate();
        var streamed = new StringBuilder();
        try (var stream = client.chat().completions().createStreaming(question)) {
            stream.stream().forEach(chunk -> chunk.validate().choices()
                    .forEach(choice -> choice.delta().content().ifPresent(streamed::append)));
        }
        assertThat(streamed.toString()).isEqualTo(whole.choices().getFirst().message().content().orElse(""));
        assertThat(whole.usage().orElseThrow().completionTokens()).isPositive();
    }

    static JobCreateParams job(String model, String file) {
        return JobCreateParams.builder().model(model).trainingFile(file).build();
    }

    static FileObject upload(OpenAIClient client, Path file) {
        return client.files().create(FileCreateParams.builder().file(file).purpose(FilePurpose.FINE_TUNE).build())
                .validate();
    }

    /** Waits for a job's end. */
    static FineTuningJob end(OpenAIClient client, String id) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (true) {
            FineTuningJob job = client.fineTuning().jobs().retrieve(id).validate();
            if (job.finishedAt().isPresent()) {
                return job;
            }
            assertThat(System.nanoTime()).as("the job did not end in two minutes: %s", job).isLessThan(deadline);
            Thread.sleep(200);
        }
    }
}
