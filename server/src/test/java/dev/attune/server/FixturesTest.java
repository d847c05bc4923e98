package dev.attune.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.models.finetuning.jobs.FineTuningJob;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the generated suites of the official SDKs ask for, as they ask for it. */
class FixturesTest {
    private static final String JOB = "/v1/fine_tuning/jobs/ft-AF1WoRqd3aJAHsqc9NY7iL8F";
    private static final String PERMISSIONS = "/v1/fine_tuning/checkpoints/"
            + "ft:gpt-4o-mini-2024-07-18:org:weather:B7R9VjQd/permissions";

    @TempDir
    private static Path home;
    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = Rig.fixtures(home);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @RepeatedTest(2)
    void jobTakesEveryOrderAgainAndAgain_andKeepsAStatusThatTheSdksKnow() {
        var jobs = rig.client().fineTuning().jobs();
        String id = "ft-AF1WoRqd3aJAHsqc9NY7iL8F";
        assertThat(jobs.retrieve(id).status()).isEqualTo(FineTuningJob.Status.RUNNING);
        assertThat(jobs.pause(id).id()).isEqualTo(id);
        assertThat(jobs.resume(id).id()).isEqualTo(id);
        assertThat(jobs.cancel(id).status()).isEqualTo(FineTuningJob.Status.CANCELLED);
        assertThat(jobs.listEvents(id).data()).isNotEmpty();
        assertThat(jobs.checkpoints().list(id).data()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            GET    | /v1/files/file_id | ``
            GET    | /files/file_id | ``
            GET    | /v1/files?after=after&limit=0&order=asc&purpose=purpose | ``
            DELETE | /v1/files/file_id | ``
            DELETE | /v1/files/file_id | ``
            GET    | /v1/files/file_id/content | ``
            POST   | /v1/uploads | {"bytes":0,"filename":"filename","mime_type":"mime_type","purpose":"assistants"}
            POST   | /v1/uploads/upload_abc123/complete | {"part_ids":["string"],"md5":"md5"}
            POST   | /v1/uploads/upload_abc123/complete | {"part_ids":["string"]}
            POST   | /v1/uploads/upload_abc123/cancel | ``
            GET    | /v1/models/gpt-4o-mini | ``
            DELETE | /v1/models/ft:gpt-4o-mini:acemeco:suffix:abc123 | ``
            DELETE | /v1/models/ft%3Agpt-4o-mini%3Aacemeco%3Asuffix%3Aabc123 | ``
            POST   | /v1/batches | {"completion_window":"24h","endpoint":"/v1/responses","input_file_id":"input_file_id"}
            GET    | /v1/batches/batch_id | ``
            POST   | /v1/batches/batch_id/cancel | ``
            POST   | /v1/batches/batch_id/cancel | ``
            POST   | /v1/chat/completions | {"model":"gpt-5.4","messages":[{"role":"developer","content":"string","name":"name"}],"max_completion_tokens":0,"logit_bias":{"foo":0},"stream_options":{"include_usage":true},"audio":{"format":"wav","voice":"alloy"}}
            GET    | /v1/chat/completions/completion_id | ``
            GET    | /v1/chat/completions/completion_id/messages | ``
            DELETE | /v1/chat/completions/completion_id | ``
            POST   | /v1/chat/completions/completion_id | {"metadata":{"foo":"string"}}
            POST   | /v1/fine_tuning/jobs | {"model":"gpt-4o-mini","training_file":"file-abc123","validation_file":"file-abc123"}
            """)
    void theirPayloadsAreAnswered(String method, String path, String body) throws Exception {
        var answer = rig.send(method, path, body.isEmpty() ? "" : "application/json",
                body.getBytes(StandardCharsets.UTF_8));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void permissionsAreThere_andUnknownPathsAreNot() throws Exception {
        assertThat(rig.get(PERMISSIONS).path("data").values()).isNotEmpty();
        for (int i = 0; i < 2; i++) {
            assertThat(rig.send("DELETE", PERMISSIONS + "/cp_zc4Q7MP6XxulcVzj4MZdwsAB", "", new byte[0]).statusCode())
                    .isEqualTo(200);
        }
        for (String path : List.of("/_stainless_unknown_path", "/v1/_stainless_unknown_path")) {
            var unknown = rig.send("GET", path, "", new byte[0]);
            assertThat(unknown.statusCode()).isEqualTo(404);
            assertThat(Json.tree(unknown.body()).path("error").path("message").asString()).contains("Invalid URL");
        }
        assertThat(rig.send("GET", JOB + "/none", "", new byte[0]).statusCode()).isEqualTo(404);
    }
}
