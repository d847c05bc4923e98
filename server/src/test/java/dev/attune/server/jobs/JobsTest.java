package dev.attune.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.FineTuningJobEvent;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.jobs.JobListEventsParams;
import com.openai.models.finetuning.jobs.JobListParams;
import dev.attune.server.Rig;
import dev.attune.server.Schemas;
import dev.attune.server.protocol.Json;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be said of jobs before one trains. */
class JobsTest {
    private static final String JOBS = "/v1/fine_tuning/jobs";

    @TempDir
    private static Path home;
    private static Rig rig;
    private static String tooFew;

    @BeforeAll
    static void start() {
        rig = Rig.start(home);
        tooFew = rig.upload(Rig.rows(7));
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static JobCreateParams.Builder job(String file) {
        return JobCreateParams.builder().model(Rig.BASE).trainingFile(file);
    }

    @Test
    void tooFewExamplesFailTheJob_inOpenAIsWords() throws Exception {
        FineTuningJob created = rig.client().fineTuning().jobs().create(job(tooFew).build());
        assertThat(created.status()).isEqualTo(FineTuningJob.Status.VALIDATING_FILES);
        assertThat(created.id()).startsWith("ftjob-");

        FineTuningJob failed = rig.awaitEnd(created.id());

        assertThat(failed.status()).isEqualTo(FineTuningJob.Status.FAILED);
        var error = failed.error().orElseThrow();
        assertThat(error.code()).isEqualTo("invalid_n_examples");
        assertThat(error.message()).startsWith("Training file has 7 example(s), but must have at least 10 examples");
        assertThat(error.param()).contains("training_file");
        assertThat(failed.finishedAt()).isPresent();
        assertThat(messages(created.id())).startsWith("Created fine-tuning job: " + created.id(),
                "Validating training file: " + tooFew).last().asString().contains("must have at least 10 examples");
        Schemas.check("FineTuningJob", rig.get(JOBS + "/" + created.id()));
        Schemas.check("ListFineTuningJobEventsResponse", rig.get(JOBS + "/" + created.id() + "/events"));
        Schemas.check("ListFineTuningJobCheckpointsResponse", rig.get(JOBS + "/" + created.id() + "/checkpoints"));
    }

    @Test
    void everyProblemOfAFileIsAnEventWithItsPlace() throws Exception {
        String file = rig.upload(Rig.rows(10) + """
                {"messages":[{"role":"user","content":"and?"}]}
                {"messages":[{"role":"assistant"
                {"messages":[{"content":"who?"},{"role":"assistant","content":"me"}]}
                """);

        FineTuningJob failed = rig.awaitEnd(rig.client().fineTuning().jobs().create(job(file).build()).id());

        assertThat(failed.error().orElseThrow().code()).isEqualTo("invalid_training_file");
        assertThat(failed.error().orElseThrow().message()).contains("Line 11", "more problems");
        assertThat(messages(failed.id())).anyMatch(m -> m.startsWith("Training file: line 11"))
                .anyMatch(m -> m.startsWith("Training file: line 12"))
                .anyMatch(m -> m.startsWith("Training file: line 13, /messages/0"));
    }

    @Test
    void aRowThatTheTrainerWouldRefuseIsRefusedBeforeItIsQueued() throws Exception {
        String file = rig
                .upload(Rig.rows(10) + "{\"messages\":[{\"role\":\"user\",\"content\":\"" + "too long ".repeat(400)
                        + "\"},{\"role\":\"assistant\",\"content\":\"yes\"}]}\n");

        FineTuningJob failed = rig.awaitEnd(rig.client().fineTuning().jobs().create(job(file).build()).id());

        assertThat(failed.error().orElseThrow().code()).isEqualTo("invalid_training_file");
        assertThat(failed.error().orElseThrow().message()).contains("Line 11: the row has")
                .contains("but the model takes at most 256; shorten it or split it");
        assertThat(messages(failed.id())).noneMatch(m -> m.contains("queued")).noneMatch(m -> m.contains("cut"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"training_file":"F"}                                                            | model
            {"model":"tiny-chat"}                                                            | training_file
            {"model":"gpt-9","training_file":"F"}                                            | model
            {"model":"tiny-chat","training_file":"file-nobody"}                              | training_file
            {"model":"tiny-chat","training_file":"F","validation_file":"file-nobody"}        | validation_file
            {"model":"tiny-chat","training_file":"F","suffix":""}                            | suffix
            {"model":"tiny-chat","training_file":"F","suffix":"a:b"}                         | suffix
            {"model":"tiny-chat","training_file":"F","seed":-1}                              | seed
            {"model":"tiny-chat","training_file":"F","hyperparameters":{"n_epochs":51}}      | hyperparameters.n_epochs
            {"model":"tiny-chat","training_file":"F","hyperparameters":{"batch_size":"big"}} | hyperparameters.batch_size
            {"model":"tiny-chat","training_file":"F","hyperparameters":{"learning_rate_multiplier":0}} | hyperparameters.learning_rate_multiplier
            {"model":"tiny-chat","training_file":"F","method":{"type":"dpo","dpo":{"hyperparameters":{"beta":3}}}} | method.dpo.hyperparameters.beta
            {"model":"tiny-chat","training_file":"F","method":{"type":"reinforcement"}}      | method.type
            {"model":"tiny-chat","training_file":"F","method":{}}                            | method.type
            {"model":"tiny-chat","training_file":"F","integrations":[{"type":"wandb"}]}      | integrations[0].wandb
            {"model":"tiny-chat","training_file":"F","integrations":[{"type":"mlflow"}]}     | integrations[0].type
            {"model":"tiny-chat","training_file":"F","metadata":{"a":1}}                     | metadata.a
            {"model":5,"training_file":"F"}                                                  | model
            """)
    void refusesARequestThatCannotBeMeant_namingTheKey(String body, String param) throws Exception {
        HttpResponse<String> response = rig.post(JOBS, body.replace("\"F\"", "\"" + tooFew + "\""));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        Schemas.check("ErrorResponse", Json.tree(response.body()));
        assertThat(Json.tree(response.body()).path("error").path("param").asString()).isEqualTo(param);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"model":"tiny-chat","training_file":"F","nepochs":2}
            {"model":"tiny-chat","training_file":"F","hyperparameters":{"nepochs":2}}
            {"model":"tiny-chat","training_file":"F","method":{"type":"supervised","supervised":{"hyperparameters":{"nepochs":2}}}}
            """)
    void refusesUnknownKeysInOpenAIsWords(String body) throws Exception {
        HttpResponse<String> response = rig.post(JOBS, body.replace("\"F\"", "\"" + tooFew + "\""));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Json.tree(response.body()).path("error").path("message").asString())
                .isEqualTo("invalid nepochs: 2, extra inputs are not permitted");
        assertThat(Json.tree(response.body()).path("error").path("param").asString()).isEqualTo("nepochs");
    }

    @Test
    void methodsThatAreNotSelectedAreReadOver_andSettingsStayAsAskedFor() throws Exception {
        HttpResponse<String> response = rig.post(JOBS, """
                {"model":"tiny-chat","training_file":"%s","suffix":"my-suffix","seed":42,"integrations":null,
                 "validation_file":null,"method":{"type":"supervised",
                 "supervised":{"hyperparameters":{"n_epochs":3,"batch_size":"auto","learning_rate_multiplier":0.5}},
                 "dpo":{"hyperparameters":{"beta":"auto"}},"reinforcement":{"grader":{"type":"python"}}}}"""
                .formatted(tooFew));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        var job = Json.tree(response.body());
        Schemas.check("FineTuningJob", job);
        assertThat(job.path("hyperparameters").toString())
                .isEqualTo("{\"batch_size\":\"auto\",\"learning_rate_multiplier\":0.5,\"n_epochs\":3}");
        assertThat(job.path("method").path("supervised").path("hyperparameters"))
                .isEqualTo(job.path("hyperparameters"));
        assertThat(job.path("seed").asInt()).isEqualTo(42);
        assertThat(job.path("error").isNull()).isTrue();
    }

    @Test
    void listGoesNewestFirst_pagesToTheEnd_andFiltersByMetadata() {
        var made = new java.util.ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            made.addFirst(rig.client().fineTuning().jobs().create(job(tooFew).metadata(JobCreateParams.Metadata
                    .builder().putAdditionalProperty("team", JsonValue.from("b r&d"))
                    .putAdditionalProperty("run", JsonValue.from("r" + i)).build()).build()).id());
        }
        var team = JobListParams.builder().limit(2)
                .metadata(JobListParams.Metadata.builder().putAdditionalProperty("team", "b r&d").build());

        assertThat(rig.client().fineTuning().jobs().list(team.build()).autoPager().stream().map(FineTuningJob::id))
                .isEqualTo(made);
        var both = JobListParams.builder().metadata(JobListParams.Metadata.builder()
                .putAdditionalProperty("team", "b r&d").putAdditionalProperty("run", "r1").build()).build();
        assertThat(rig.client().fineTuning().jobs().list(both).data()).extracting(FineTuningJob::id)
                .containsExactly(made.get(1));
        var end = rig.client().fineTuning().jobs().list(team.after(made.getLast()).build());
        assertThat(end.data()).isEmpty();
        assertThat(end.hasMore()).contains(false);
    }

    @Test
    void eventsPageToTheirEnd() throws Exception {
        String id = rig.client().fineTuning().jobs().create(job(tooFew).build()).id();
        rig.awaitEnd(id);
        List<String> all = messages(id);

        List<String> paged = rig.client().fineTuning().jobs()
                .listEvents(JobListEventsParams.builder().fineTuningJobId(id).limit(1).build()).autoPager().stream()
                .map(FineTuningJobEvent::message).toList();

        assertThat(paged.reversed()).isEqualTo(all);
    }

    @Test
    void jobThatHasEndedCannotBeCancelled_andAStrangerIsNotFound() throws Exception {
        String id = rig.client().fineTuning().jobs().create(job(tooFew).build()).id();
        rig.awaitEnd(id);

        assertThatThrownBy(() -> rig.client().fineTuning().jobs().cancel(id)).isInstanceOf(BadRequestException.class)
                .hasMessageContaining("has already ended with status 'failed'");
        assertThatThrownBy(() -> rig.client().fineTuning().jobs().pause(id)).isInstanceOf(BadRequestException.class);
        assertThatThrownBy(() -> rig.client().fineTuning().jobs().retrieve("ftjob-nobody"))
                .isInstanceOf(NotFoundException.class).hasMessageContaining("Could not find fine tune: ftjob-nobody");
    }

    /** Oldest first. */
    private static List<String> messages(String id) {
        return rig.client().fineTuning().jobs()
                .listEvents(JobListEventsParams.builder().fineTuningJobId(id).limit(100).build()).data().stream()
                .map(FineTuningJobEvent::message).toList().reversed();
    }
}
