package dev.attune.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.errors.BadRequestException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.FineTuningJobEvent;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.jobs.JobListEventsParams;
import com.openai.models.finetuning.jobs.checkpoints.FineTuningJobCheckpoint;
import dev.attune.server.Rig;
import dev.attune.server.Schemas;
import dev.attune.server.protocol.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a job can be told between its beginning and its end, and what it says it really is. */
class JobLifeTest {
    private static final String JOBS = "/v1/fine_tuning/jobs";

    @TempDir
    private static Path home;
    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = Rig.start(home);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void pausedJobLetsTheNextOneTrain_isAModel_andGoesOnWhereItWas() throws Exception {
        String job = create(Rig.rows(400), 3, 2);
        assertThatThrownBy(() -> rig.lenient().fineTuning().jobs().pause(job)).isInstanceOf(BadRequestException.class);
        awaitStep(job);

        FineTuningJob paused = rig.lenient().fineTuning().jobs().pause(job);

        assertThat(paused.status().asString()).isEqualTo("paused");
        assertThat(paused.finishedAt()).isEmpty();
        assertThat(rig.client().fineTuning().jobs().checkpoints().list(job).data()).as("before anybody looks")
                .isNotEmpty();
        assertThatThrownBy(() -> rig.lenient().fineTuning().jobs().pause(job)).isInstanceOf(BadRequestException.class)
                .hasMessageContaining("'paused'");
        String other = create(Rig.rows(12), 1, 32);
        assertThat(rig.awaitEnd(other).status()).isEqualTo(FineTuningJob.Status.SUCCEEDED);
        assertThat(rig.lenient().fineTuning().jobs().retrieve(job).status().asString()).isEqualTo("paused");
        FineTuningJobCheckpoint checkpoint = rig.client().fineTuning().jobs().checkpoints().list(job).data()
                .getFirst();
        assertThat(speak(checkpoint.fineTunedModelCheckpoint())).isNotNull();

        assertThat(rig.lenient().fineTuning().jobs().resume(job).status()).isEqualTo(FineTuningJob.Status.QUEUED);
        FineTuningJob done = rig.awaitEnd(job);

        assertThat(done.status()).as(String.valueOf(done.error())).isEqualTo(FineTuningJob.Status.SUCCEEDED);
        assertThat(messages(job)).containsOnlyOnce("Fine-tuning job started", "Fine-tuning job paused",
                "Fine-tuning job resumed", "The job has successfully completed");
        List<String> steps = messages(job).stream().filter(m -> m.startsWith("Step "))
                .map(m -> m.substring(0, m.indexOf('/'))).toList();
        assertThat(steps).doesNotHaveDuplicates();
        assertThatThrownBy(() -> rig.lenient().fineTuning().jobs().resume(job)).isInstanceOf(BadRequestException.class)
                .hasMessageContaining("'succeeded'");
    }

    @Test
    void pausedJobStaysPausedOverARestart_andCanBeCancelled(@TempDir Path other) throws Exception {
        String job;
        try (var before = Rig.start(other)) {
            job = before.client().fineTuning().jobs().create(params(before.upload(Rig.rows(400)), 3, 2)).id();
            awaitStep(before, job);
            before.lenient().fineTuning().jobs().pause(job);
        }
        try (var after = Rig.start(other)) {
            assertThat(after.lenient().fineTuning().jobs().retrieve(job).status().asString()).isEqualTo("paused");
            assertThat(after.client().fineTuning().jobs().checkpoints().list(job).data()).isNotEmpty();
            assertThat(after.client().fineTuning().jobs().cancel(job).status())
                    .isEqualTo(FineTuningJob.Status.CANCELLED);
        }
    }

    @Test
    void nameThatStandsForAModelHere_runsAndSaysWhatItTrains() throws Exception {
        String file = rig.upload(Rig.rows(12));
        FineTuningJob job = rig.client().fineTuning().jobs().create(JobCreateParams.builder()
                .model("gpt-4o-mini-2024-07-18").trainingFile(file)
                .hyperparameters(JobCreateParams.Hyperparameters.builder().nEpochs(1).build()).build());
        assertThat(job.model()).isEqualTo("gpt-4o-mini-2024-07-18");

        FineTuningJob done = rig.awaitEnd(job.id());

        assertThat(done.fineTunedModel().orElseThrow()).startsWith("ft:tiny-chat:acme::");
        assertThat(messages(job.id())).contains("The model gpt-4o-mini-2024-07-18 stands for tiny-chat on this server,"
                + " which is what is trained");
        assertThat(speak("gpt-4o-mini-2024-07-18")).isEqualTo(speak(Rig.BASE));
        assertThat(rig.client().models().retrieve("gpt-4o-mini-2024-07-18").id()).isEqualTo("gpt-4o-mini-2024-07-18");
        assertThat(rig.client().models().list().data()).extracting(m -> m.id()).contains("gpt-4o-mini-2024-07-18");
    }

    @Test
    void integrationsAndSettingsOfTheSelectedMethodAreShownInFull() throws Exception {
        String file = rig.upload(Rig.rows(3));
        var answer = rig.post(JOBS, """
                {"model":"tiny-chat","training_file":"%s","hyperparameters":{"n_epochs":2},
                 "integrations":[{"type":"wandb","wandb":{"project":"p","tags":["a"]}}],"metadata":{"k":"v"},
                 "method":{"type":"dpo","dpo":{"hyperparameters":{"beta":0.2}},"supervised":{"hyperparameters":{}}}}
                """.formatted(file));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode job = Json.tree(answer.body());

        assertThat(job.path("method").toString()).isEqualTo("{\"type\":\"dpo\",\"dpo\":{\"hyperparameters\":"
                + "{\"batch_size\":\"auto\",\"beta\":0.2,\"learning_rate_multiplier\":\"auto\",\"n_epochs\":\"auto\"}}}");
        assertThat(job.path("hyperparameters").path("beta").asDouble()).isEqualTo(0.2);
        JsonNode wandb = job.path("integrations").path(0).path("wandb");
        assertThat(wandb.path("run_id").asString()).isEqualTo(job.path("id").asString());
        assertThat(wandb.path("entity").isNull()).isTrue();
        assertThat(messages(job.path("id").asString())).anyMatch(m -> m.contains("sends nothing to Weights & Biases"));
        Schemas.check("FineTuningJob", job);
        rig.awaitEnd(job.path("id").asString());
    }

    @Test
    void shapeOfTheAdapterIsTrainedAsItIsAskedFor() throws Exception {
        JsonNode made = Json.tree(rig.post(JOBS, """
                {"model":"tiny-chat","training_file":"%s","hyperparameters":{"n_epochs":1},
                 "lora":{"r":3,"lora_alpha":5,"target_modules":["q_proj"],"use_rslora":true}}
                """.formatted(rig.upload(Rig.rows(12)))).body());
        assertThat(made.path("lora").path("r").asInt()).isEqualTo(3);

        FineTuningJob done = rig.awaitEnd(made.path("id").asString());

        assertThat(done.status()).as(String.valueOf(done.error())).isEqualTo(FineTuningJob.Status.SUCCEEDED);
        JsonNode adapter = Json.tree(java.nio.file.Files.readString(home.resolve("jobs").resolve(done.id())
                .resolve("result").resolve("adapter").resolve("adapter_config.json")));
        assertThat(adapter.path("r").asInt()).isEqualTo(3);
        assertThat(adapter.path("lora_alpha").asDouble()).isEqualTo(5);
        assertThat(adapter.path("use_rslora").asBoolean()).isTrue();
        for (String lora : List.of("{\"r\":0}", "{\"rank\":4}", "{\"lora_dropout\":1}", "{\"target_modules\":[1]}")) {
            var refused = rig.post(JOBS, "{\"model\":\"tiny-chat\",\"training_file\":\"" + done.trainingFile()
                    + "\",\"lora\":" + lora + "}");
            assertThat(refused.statusCode()).as(lora + refused.body()).isEqualTo(400);
        }
        assertThat(rig.post(JOBS, "{\"model\":\"" + done.fineTunedModel().orElseThrow() + "\",\"training_file\":\""
                + done.trainingFile() + "\",\"lora\":{\"r\":4}}").body()).contains("whose shape is fixed");
    }

    @Test
    void preferenceJobLearnsFromPairs_andRefusesConversations() throws Exception {
        var rows = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            rows.append("{\"input\":{\"messages\":[{\"role\":\"user\",\"content\":\"say number ").append(i)
                    .append("\"}]},\"preferred_output\":[{\"role\":\"assistant\",\"content\":\"it is ").append(i)
                    .append("\"}],\"non_preferred_output\":[{\"role\":\"assistant\",\"content\":\"no\"}]}\n");
        }
        String method = "\"method\":{\"type\":\"dpo\",\"dpo\":{\"hyperparameters\":{\"n_epochs\":2}}}}";
        JsonNode made = Json.tree(rig.post(JOBS, "{\"model\":\"gpt-4o-mini-2024-07-18\",\"training_file\":\""
                + rig.upload(rows.toString()) + "\"," + method).body());
        JsonNode wrong = Json.tree(rig.post(JOBS, "{\"model\":\"tiny-chat\",\"training_file\":\""
                + rig.upload(Rig.rows(12)) + "\"," + method).body());

        FineTuningJob done = rig.awaitEnd(made.path("id").asString());
        FineTuningJob failed = rig.awaitEnd(wrong.path("id").asString());

        assertThat(done.status()).as(String.valueOf(done.error())).isEqualTo(FineTuningJob.Status.SUCCEEDED);
        JsonNode job = rig.get(JOBS + "/" + done.id());
        Schemas.check("FineTuningJob", job);
        assertThat(job.path("method").path("dpo").path("hyperparameters").path("beta").asDouble()).isEqualTo(0.1);
        assertThat(rig.get(JOBS + "/" + done.id() + "/events?limit=100").path("data").values())
                .anyMatch(event -> event.path("data").path("train_reward_margin").isNumber());
        assertThat(speak(done.fineTunedModel().orElseThrow())).isNotNull();
        assertThat(failed.error().orElseThrow().code()).isEqualTo("invalid_training_file");
    }

    private static String create(String rows, int epochs, int batchSize) {
        return rig.client().fineTuning().jobs().create(params(rig.upload(rows), epochs, batchSize)).id();
    }

    private static JobCreateParams params(String file, int epochs, int batchSize) {
        return JobCreateParams.builder().model(Rig.BASE).trainingFile(file).hyperparameters(
                JobCreateParams.Hyperparameters.builder().nEpochs(epochs).batchSize(batchSize).build()).build();
    }

    private static void awaitStep(String job) throws InterruptedException {
        awaitStep(rig, job);
    }

    private static void awaitStep(Rig rig, String job) throws InterruptedException {
        rig.await(job, Set.of("running"), Duration.ofSeconds(60));
        for (int i = 0; i < 1200 && messages(rig, job).stream().noneMatch(m -> m.startsWith("Step ")); i++) {
            Thread.sleep(50);
        }
    }

    private static List<String> messages(String job) {
        return messages(rig, job);
    }

    /** Oldest first. */
    private static List<String> messages(Rig rig, String job) {
        return rig.client().fineTuning().jobs()
                .listEvents(JobListEventsParams.builder().fineTuningJobId(job).limit(1000).build()).data().stream()
                .map(FineTuningJobEvent::message).toList().reversed();
    }

    private static String speak(String model) {
        return rig.client().chat().completions().create(ChatCompletionCreateParams.builder().model(model)
                .addUserMessage("say number 3").temperature(0).maxCompletionTokens(8).build()).choices().getFirst()
                .message().content().orElseThrow();
    }
}
