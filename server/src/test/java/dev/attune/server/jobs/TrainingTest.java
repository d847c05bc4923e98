package dev.attune.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.FineTuningJobEvent;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.jobs.JobListEventsParams;
import com.openai.models.finetuning.jobs.checkpoints.CheckpointListParams;
import com.openai.models.finetuning.jobs.checkpoints.FineTuningJobCheckpoint;
import com.openai.models.models.Model;
import dev.attune.server.Rig;
import dev.attune.server.Schemas;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The whole life of a real job: a real trainer trains the tiny model. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TrainingTest {
    private static final String JOBS = "/v1/fine_tuning/jobs";

    @TempDir
    private static Path home;
    private static Rig rig;
    private static FineTuningJob done;

    @BeforeAll
    static void train() throws Exception {
        rig = Rig.start(home);
        String training = rig.upload(Rig.rows(20));
        String validation = rig.upload(Rig.rows(4));
        FineTuningJob created = rig.client().fineTuning().jobs()
                .create(JobCreateParams.builder().model(Rig.BASE).trainingFile(training).validationFile(validation)
                        .suffix("numbers").seed(7)
                        .method(JobCreateParams.Method.builder().type(JobCreateParams.Method.Type.SUPERVISED)
                                .supervised(com.openai.models.finetuning.methods.SupervisedMethod.builder()
                                        .hyperparameters(
                                                com.openai.models.finetuning.methods.SupervisedHyperparameters
                                                        .builder().nEpochs(4).batchSizeAuto().build())
                                        .build())
                                .build())
                        .build());
        done = rig.awaitEnd(created.id());
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    @Order(1)
    void succeedsWithEverythingFilledIn() throws Exception {
        assertThat(done.status()).as(String.valueOf(done.error())).isEqualTo(FineTuningJob.Status.SUCCEEDED);
        assertThat(done.fineTunedModel().orElseThrow()).matches("ft:tiny-chat:acme:numbers:[A-Za-z0-9]{8}");
        assertThat(done.trainedTokens().orElseThrow()).isPositive();
        assertThat(done.finishedAt()).isPresent();
        assertThat(done.estimatedFinish()).isEmpty();
        assertThat(done.error()).isEmpty();
        assertThat(done.hyperparameters().nEpochs().orElseThrow().asInteger()).isEqualTo(4);
        assertThat(done.hyperparameters().batchSize().orElseThrow().asInteger()).isPositive();
        assertThat(done.hyperparameters().learningRateMultiplier().orElseThrow().asNumber()).isPositive();
        Schemas.check("FineTuningJob", rig.get(JOBS + "/" + done.id()));
        Schemas.check("ListPaginatedFineTuningJobsResponse", rig.get(JOBS));
    }

    @Test
    @Order(2)
    void eventsTellTheLifeInOpenAIsSentences() throws Exception {
        List<FineTuningJobEvent> events = rig.client().fineTuning().jobs()
                .listEvents(JobListEventsParams.builder().fineTuningJobId(done.id()).limit(500).build()).data()
                .reversed();
        List<String> messages = events.stream().map(FineTuningJobEvent::message).toList();

        assertThat(messages).startsWith("Created fine-tuning job: " + done.id(), "Validating training file: "
                + done.trainingFile() + " and validation file: " + done.validationFile().orElseThrow())
                .containsSubsequence("Files validated, moving job to queued state", "Fine-tuning job started")
                .endsWith("New fine-tuned model created: " + done.fineTunedModel().orElseThrow(),
                        "The job has successfully completed")
                .anyMatch(m -> m.matches("Step \\d+/\\d+: training loss=\\d+\\.\\d\\d.*full validation loss=.*"))
                .anyMatch(m -> m.matches("Checkpoint created at step \\d+ with Snapshot ID: ft:tiny-chat:acme:numbers:"
                        + "[A-Za-z0-9]{8}:ckpt-step-\\d+"));
        JsonNode wire = rig.get(JOBS + "/" + done.id() + "/events?limit=500");
        Schemas.check("ListFineTuningJobEventsResponse", wire);
        List<JsonNode> metrics = wire.path("data").values().stream()
                .filter(event -> event.path("type").asString().equals("metrics")).map(event -> event.path("data"))
                .toList();
        assertThat(metrics).isNotEmpty().allSatisfy(data -> {
            assertThat(data.path("train_loss").isNumber()).isTrue();
            assertThat(data.path("train_mean_token_accuracy").asDouble()).isBetween(0.0, 1.0);
            assertThat(data.path("step").asInt()).isBetween(1, data.path("total_steps").asInt());
        });
        assertThat(metrics.getFirst().path("step")).isEqualTo(metrics.getFirst().path("total_steps"));
    }

    @Test
    @Order(3)
    void checkpointsAreTheLastThreeEpochs_eachAModelOfItsOwn() throws Exception {
        List<FineTuningJobCheckpoint> checkpoints = checkpoints();

        assertThat(checkpoints).hasSize(3).allSatisfy(checkpoint -> {
            assertThat(checkpoint.fineTuningJobId()).isEqualTo(done.id());
            assertThat(checkpoint.metrics().trainLoss()).isPresent();
            assertThat(checkpoint.metrics().fullValidLoss()).isPresent();
            assertThat(checkpoint.fineTunedModelCheckpoint()).doesNotContain(done.fineTunedModel().orElseThrow())
                    .endsWith(":ckpt-step-" + checkpoint.stepNumber());
            assertThat(speak(checkpoint.fineTunedModelCheckpoint())).isNotNull();
        });
        assertThat(checkpoints).extracting(FineTuningJobCheckpoint::stepNumber).isSortedAccordingTo(
                (a, b) -> Long.compare(b, a));
        Schemas.check("ListFineTuningJobCheckpointsResponse", rig.get(JOBS + "/" + done.id() + "/checkpoints"));
    }

    @Test
    @Order(4)
    void resultFileIsPlainCsvWithALineAStep() throws Exception {
        assertThat(done.resultFiles()).hasSize(1);
        String id = done.resultFiles().getFirst();
        assertThat(rig.client().files().retrieve(id).purpose().asString()).isEqualTo("fine-tune-results");
        try (var response = rig.client().files().content(id)) {
            List<String> lines = new String(response.body().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            assertThat(lines.getFirst())
                    .isEqualTo("step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy");
            assertThat(lines.get(1)).matches("1,[0-9.]+,[0-9.]+,.*");
            assertThat((long) lines.size() - 1).isEqualTo(checkpoints().getFirst().stepNumber());
        }
    }

    @Test
    @Order(5)
    void tunedModelSpeaksDifferentlyFromItsBase() {
        assertThat(speak(done.fineTunedModel().orElseThrow())).isNotEqualTo(speak(Rig.BASE));
    }

    @Test
    @Order(6)
    void modelsAreListedWithRawAndEscapedColons() throws Exception {
        String name = done.fineTunedModel().orElseThrow();

        assertThat(rig.client().models().list().data()).extracting(Model::id).contains(Rig.BASE, name)
                .anyMatch(id -> id.contains(":ckpt-step-"));
        assertThat(rig.client().models().retrieve(name).ownedBy()).isEqualTo("acme");
        assertThat(rig.client().models().retrieve(Rig.BASE).ownedBy()).isEqualTo("attune");
        assertThat(rig.get("/v1/models/" + URLEncoder.encode(name, StandardCharsets.UTF_8)).path("id").asString())
                .isEqualTo(name);
        Schemas.check("ListModelsResponse", rig.get("/v1/models"));
        Schemas.check("Model", rig.get("/v1/models/" + name));
    }

    @Test
    @Order(7)
    void checkpointCanBeTunedFurther() throws Exception {
        String checkpoint = checkpoints().getLast().fineTunedModelCheckpoint();
        FineTuningJob further = rig.client().fineTuning().jobs().create(JobCreateParams.builder().model(checkpoint)
                .trainingFile(done.trainingFile())
                .hyperparameters(JobCreateParams.Hyperparameters.builder().nEpochs(1).build()).build());
        assertThat(further.model()).isEqualTo(checkpoint);

        further = rig.awaitEnd(further.id());

        assertThat(further.status()).as(String.valueOf(further.error())).isEqualTo(FineTuningJob.Status.SUCCEEDED);
        assertThat(further.fineTunedModel().orElseThrow()).matches("ft:tiny-chat:acme::[A-Za-z0-9]{8}");
    }

    @Test
    @Order(8)
    void runningJobCanBeCancelled_andTheNextInTheQueueGoesOn() throws Exception {
        var endless = JobCreateParams.builder().model(Rig.BASE).trainingFile(rig.upload(Rig.rows(3000)))
                .hyperparameters(JobCreateParams.Hyperparameters.builder().nEpochs(50).batchSize(1).build()).build();
        String running = rig.client().fineTuning().jobs().create(endless).id();
        String waiting = rig.client().fineTuning().jobs().create(endless).id();
        rig.await(running, Set.of("running"), Duration.ofSeconds(30));
        assertThat(rig.await(waiting, Set.of("queued"), Duration.ofSeconds(30)).status())
                .isEqualTo(FineTuningJob.Status.QUEUED);

        assertThat(rig.client().fineTuning().jobs().cancel(waiting).status()).isEqualTo(FineTuningJob.Status.CANCELLED);
        assertThat(rig.client().fineTuning().jobs().cancel(running).status()).isEqualTo(FineTuningJob.Status.CANCELLED);

        String next = rig.client().fineTuning().jobs().create(JobCreateParams.builder().model(Rig.BASE)
                .trainingFile(done.trainingFile())
                .hyperparameters(JobCreateParams.Hyperparameters.builder().nEpochs(1).build()).build()).id();
        assertThat(rig.awaitEnd(next).status()).isEqualTo(FineTuningJob.Status.SUCCEEDED);
        assertThat(rig.client().fineTuning().jobs().retrieve(running).status())
                .isEqualTo(FineTuningJob.Status.CANCELLED);
    }

    @Test
    @Order(9)
    void deletedModelIsGone_andABaseCannotBeDeleted() {
        String name = done.fineTunedModel().orElseThrow();
        assertThat(rig.client().models().delete(name).deleted()).isTrue();

        assertThatThrownBy(() -> rig.client().models().delete(name)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> speak(name)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> rig.client().models().delete(Rig.BASE)).isInstanceOf(BadRequestException.class)
                .hasMessageContaining("base model");
    }

    private static List<FineTuningJobCheckpoint> checkpoints() {
        return rig.client().fineTuning().jobs().checkpoints()
                .list(CheckpointListParams.builder().fineTuningJobId(done.id()).build()).data();
    }

    private static String speak(String model) {
        return rig.client().chat().completions().create(ChatCompletionCreateParams.builder().model(model)
                .addUserMessage("say number 3").temperature(0).maxCompletionTokens(8).build()).choices().getFirst()
                .message().content().orElseThrow();
    }
}
