package dev.attune.server.batches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.batches.BatchListParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import dev.attune.server.Rig;
import dev.attune.server.Schemas;
import dev.attune.server.protocol.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class BatchesTest {
    private static final Set<String> OVER = Set.of("completed", "failed", "cancelled", "expired");

    @TempDir
    private Path home;
    private Rig rig;

    @BeforeEach
    void start() {
        rig = Rig.start(home);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void everyLineIsAnsweredInItsOrder_goodOnesInOneFileBadOnesInTheOther() throws Exception {
        Batch batch = create(lines(7, 8)
                + """
                        {"custom_id":"odd","method":"POST","url":"/v1/chat/completions","body":{"model":"nobody","messages":[{"role":"user","content":"x"}]}}
                        """);
        assertThat(batch.status()).isEqualTo(Batch.Status.VALIDATING);
        assertThat(batch.id()).startsWith("batch_");

        Batch done = awaitEnd(batch.id());

        assertThat(done.status()).as(done.toString()).isEqualTo(Batch.Status.COMPLETED);
        var counts = done.requestCounts().orElseThrow();
        assertThat(List.of(counts.total(), counts.completed(), counts.failed())).containsExactly(8L, 7L, 1L);
        assertThat(done.usage().orElseThrow().outputTokens()).isPositive();
        List<JsonNode> output = content(done.outputFileId().orElseThrow());
        assertThat(output).extracting(line -> line.path("custom_id").asString()).containsExactly("r1", "r2", "r3", "r4",
                "r5", "r6", "r7");
        assertThat(output).allSatisfy(line -> {
            assertThat(line.path("response").path("status_code").asInt()).isEqualTo(200);
            assertThat(line.path("response").path("request_id").asString()).startsWith("req_");
            assertThat(line.path("error").isNull()).isTrue();
            Schemas.check("CreateChatCompletionResponse", line.path("response").path("body"));
        });
        List<JsonNode> errors = content(done.errorFileId().orElseThrow());
        assertThat(errors).hasSize(1);
        assertThat(errors.getFirst().path("response").path("status_code").asInt()).isEqualTo(404);
        assertThat(rig.client().files().retrieve(done.outputFileId().orElseThrow()).purpose().asString())
                .isEqualTo("batch_output");
        Schemas.check("Batch", rig.get("/v1/batches/" + done.id()));
        Schemas.check("ListBatchesResponse", rig.get("/v1/batches"));
    }

    @Test
    void fileWithFaultsFailsWithAllOfThem() throws Exception {
        Batch done = awaitEnd(create("""
                {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m"}}
                {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m"}}

                {"custom_id":"b","method":"GET","url":"/v1/chat/completions","body":{}}
                {"custom_id":"c","method":"POST","url":"/v1/embeddings","body":{}}
                {"custom_id":"d","method":"POST","url":"/v1/chat/completions"}
                {"method":"POST","url":"/v1/chat/completions","body":{}}
                not json
                {"custom_id":"e","method":"POST","url":"/v1/chat/completions","body":{"stream":true}}
                """).id());

        assertThat(done.status()).isEqualTo(Batch.Status.FAILED);
        var errors = done.errors().orElseThrow().data().orElseThrow();
        assertThat(errors).extracting(e -> e.code().orElseThrow() + "@" + e.line().orElseThrow()).containsExactly(
                "duplicate_custom_id@2", "invalid_method@4", "mismatched_url@5", "missing_required_parameter@6",
                "missing_required_parameter@7", "invalid_json_line@8", "invalid_request@9");
        assertThat(done.outputFileId()).isEmpty();
        Schemas.check("Batch", rig.get("/v1/batches/" + done.id()));
        assertThat(awaitEnd(create("\n").id()).errors().orElseThrow().data().orElseThrow().getFirst().code())
                .contains("empty_file");
    }

    @Test
    void restartGoesOnWithTheLinesThatHaveNoAnswer() throws Exception {
        String id = create(lines(400, 24)).id();
        awaitAnswers(id, 5);
        rig.close();

        rig = Rig.start(home);
        Batch done = awaitEnd(id);

        assertThat(done.status()).as(done.toString()).isEqualTo(Batch.Status.COMPLETED);
        assertThat(done.errorFileId()).isEmpty();
        List<String> ids = content(done.outputFileId().orElseThrow()).stream()
                .map(line -> line.path("custom_id").asString()).toList();
        assertThat(ids).hasSize(400).doesNotHaveDuplicates();
    }

    @Test
    void cancelledBatchKeepsWhatWasAnswered() throws Exception {
        String id = create(lines(2000, 24)).id();
        awaitAnswers(id, 3);

        assertThat(rig.client().batches().cancel(id).status()).isEqualTo(Batch.Status.CANCELLING);
        Batch done = awaitEnd(id);

        assertThat(done.status()).isEqualTo(Batch.Status.CANCELLED);
        assertThat(content(done.outputFileId().orElseThrow()).size()
                + content(done.errorFileId().orElseThrow()).size()).isEqualTo(2000);
        assertThatThrownBy(() -> rig.client().batches().cancel(id)).isInstanceOf(BadRequestException.class)
                .hasMessageContaining("'cancelled'");
        assertThat(done.cancelledAt()).isPresent();
    }

    @Test
    void listsNewestFirstToAnEmptyEnd_andRefusesWhatCannotBeMeant() throws Exception {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            made.addFirst(awaitEnd(create(lines(1, 2)).id()).id());
        }
        var params = BatchListParams.builder().limit(2).build();
        assertThat(rig.client().batches().list(params).autoPager().stream().map(Batch::id)).isEqualTo(made);
        assertThat(rig.client().batches().list(params.toBuilder().after(made.getLast()).build()).data()).isEmpty();
        assertThatThrownBy(() -> rig.client().batches().retrieve("batch_none")).isInstanceOf(NotFoundException.class);
        String tune = rig.upload(Rig.rows(1));
        for (String body : List.of(
                "{\"input_file_id\":\"" + tune
                        + "\",\"endpoint\":\"/v1/chat/completions\",\"completion_window\":\"24h\"}",
                "{\"input_file_id\":\"x\",\"endpoint\":\"/v1/chat/completions\",\"completion_window\":\"24h\"}",
                "{\"input_file_id\":\"x\",\"endpoint\":\"/v1/embeddings\",\"completion_window\":\"24h\"}",
                "{\"input_file_id\":\"x\",\"endpoint\":\"/v1/chat/completions\",\"completion_window\":\"1h\"}",
                "{\"input_file_id\":\"x\",\"endpoint\":\"/v1/chat/completions\"}",
                "{\"input_file_id\":\"x\",\"endpont\":\"/v1/chat/completions\",\"completion_window\":\"24h\"}")) {
            var answer = rig.post("/v1/batches", body);
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
            Schemas.check("ErrorResponse", Json.tree(answer.body()));
        }
    }

    private static String lines(int count, int tokens) {
        var lines = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            lines.append("{\"custom_id\":\"r").append(i)
                    .append("\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"tiny-chat\",")
                    .append("\"temperature\":0,\"max_tokens\":").append(tokens)
                    .append(",\"messages\":[{\"role\":\"user\",\"content\":\"say number ").append(i).append("\"}]}}\n");
        }
        return lines.toString();
    }

    private Batch create(String lines) {
        String file = rig.client().files()
                .create(FileCreateParams.builder()
                        .file(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)))
                        .purpose(FilePurpose.BATCH).build())
                .id();
        return rig.client().batches().create(BatchCreateParams.builder().inputFileId(file)
                .endpoint(BatchCreateParams.Endpoint.V1_CHAT_COMPLETIONS)
                .completionWindow(BatchCreateParams.CompletionWindow._24H).build());
    }

    private Batch awaitEnd(String id) throws InterruptedException {
        for (int i = 0; i < 2400; i++) {
            Batch batch = rig.client().batches().retrieve(id);
            if (OVER.contains(batch.status().asString())) {
                return batch;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("batch " + id + " does not end: " + rig.client().batches().retrieve(id));
    }

    private void awaitAnswers(String id, int count) throws InterruptedException {
        for (int i = 0; i < 2400; i++) {
            if (rig.client().batches().retrieve(id).requestCounts().orElseThrow().completed() >= count) {
                return;
            }
            Thread.sleep(10);
        }
        throw new AssertionError("batch " + id + " is not answered");
    }

    private List<JsonNode> content(String file) throws IOException {
        try (var response = rig.client().files().content(file)) {
            return new String(response.body().readAllBytes(), StandardCharsets.UTF_8).lines().map(Json::tree).toList();
        }
    }
}
