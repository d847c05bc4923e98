package dev.attune.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.finetuning.jobs.FineTuningJob;
import dev.attune.server.Rig;
import dev.attune.server.protocol.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the key {@code training} of a new job asks for is what the trainer does. */
class JobTrainingTest {
    private static final String JOBS = "/v1/fine_tuning/jobs";

    @TempDir
    private Path home;

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = Rig.start(home);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void allWeightsAreTrained_servedAndNotGoneOnWith() throws Exception {
        FineTuningJob done = succeeded("""
                {"model":"tiny-chat","training_file":"%s","hyperparameters":{"n_epochs":1},"training":{"tuning":"full"}}
                """.formatted(rig.upload(Rig.rows(12))));
        String model = done.fineTunedModel().orElseThrow();

        assertThat(home.resolve("jobs").resolve(done.id()).resolve("result/model/config.json")).exists();
        var answer = rig.client().chat().completions().create(ChatCompletionCreateParams.builder().model(model)
                .addUserMessage("one").maxCompletionTokens(4).build());
        assertThat(answer.choices()).hasSize(1);
        var again = rig.post(JOBS, "{\"model\":\"" + model + "\",\"training_file\":\"" + done.trainingFile() + "\"}");
        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(again.body()).contains("All weights of the model").contains("export");
    }

    @Test
    void tooLongRowsAreCutAndGeneralRowsMixedIn_whereTheRequestAsksForIt() throws Exception {
        String training = rig.upload(Rig.rows(12));
        String replay = rig.upload(Rig.rows(10));

        FineTuningJob done = succeeded("""
                {"model":"tiny-chat","training_file":"%s","hyperparameters":{"n_epochs":1},
                 "training":{"over_length":"split","max_tokens":8,"replay_file":"%s","replay_share":0.5}}
                """.formatted(training, replay));

        JsonNode job = Json.tree(Files.readString(home.resolve("jobs").resolve(done.id()).resolve("job.json")));
        assertThat(job.toString()).contains("split").contains("0.5");
        assertThat(rig.client().fineTuning().jobs().listEvents(done.id()).autoPager().stream()
                .map(event -> event.message())).anyMatch(message -> message.contains("are lost"));
    }

    @Test
    void promptsAndCompletionsAreTrained() throws Exception {
        String rows = IntStream.range(0, 12)
                .mapToObj(i -> "{\"prompt\":\"say " + i + "\",\"completion\":\"" + i + "\"}")
                .collect(Collectors.joining("\n"));
        succeeded("{\"model\":\"tiny-chat\",\"training_file\":\"" + rig.upload(rows)
                + "\",\"hyperparameters\":{\"n_epochs\":1}}");
    }

    @Test
    void rowLossesAreKeptUnlessTheRequestDoesNotWantThem() throws Exception {
        String file = rig.upload(Rig.rows(12));
        String plain = "{\"model\":\"tiny-chat\",\"training_file\":\"" + file
                + "\",\"hyperparameters\":{\"n_epochs\":1}";

        FineTuningJob with = succeeded(plain + "}");
        FineTuningJob without = succeeded(plain + ",\"training\":{\"row_losses\":false}}");

        assertThat(home.resolve("jobs").resolve(with.id()).resolve("rows.jsonl")).exists();
        assertThat(home.resolve("jobs").resolve(without.id()).resolve("rows.jsonl")).doesNotExist();
    }

    @Test
    void whatCannotBeIsRefusedByName() throws Exception {
        String file = rig.upload(Rig.rows(12));
        for (String[] wrong : List.of(new String[]{"{\"tuning\":\"some\"}", "training.tuning"},
                new String[]{"{\"over_length\":\"fold\"}", "training.over_length"},
                new String[]{"{\"patience\":2}", "training.patience"},
                new String[]{"{\"replay_share\":0.2}", "training.replay_share"},
                new String[]{"{\"replay_file\":\"file-none\"}", "training.replay_file"},
                new String[]{"{\"row_losses\":\"no\"}", "training.row_losses"},
                new String[]{"{\"epochs\":2}", "epochs"})) {
            var answer = rig.post(JOBS, "{\"model\":\"tiny-chat\",\"training_file\":\"" + file + "\",\"training\":"
                    + wrong[0] + "}");
            assertThat(answer.statusCode()).as(wrong[0]).isEqualTo(400);
            assertThat(Json.tree(answer.body()).path("error").path("param").asString()).as(answer.body())
                    .contains(wrong[1]);
        }
    }

    @Test
    void pairsAreNotSplit() throws Exception {
        var answer = rig.post(JOBS, """
                {"model":"tiny-chat","training_file":"%s","method":{"type":"dpo"},"training":{"over_length":"split"}}
                """.formatted(rig.upload(Rig.rows(12))));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("cannot be split").contains("training.over_length");
    }

    private FineTuningJob succeeded(String body) throws Exception {
        var answer = rig.post(JOBS, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        FineTuningJob done = rig.awaitEnd(Json.tree(answer.body()).path("id").asString());
        assertThat(done.status()).as(String.valueOf(done.error())).isEqualTo(FineTuningJob.Status.SUCCEEDED);
        return done;
    }
}
