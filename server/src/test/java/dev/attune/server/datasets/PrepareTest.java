package dev.attune.server.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.server.Rig;
import dev.attune.server.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Stored files made into files to train on. */
class PrepareTest {
    @TempDir
    static Path home;
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
    void aTableBecomesFilesToTrainOn_split_withItsReport() throws Exception {
        var table = new StringBuilder("frage,antwort\n");
        for (int i = 0; i < 40; i++) {
            table.append("What is the capital of country number ").append(i * 31).append("?,It is city ")
                    .append(i * 17 + 3).append('\n');
        }
        String file = upload("dump.csv", table.toString());
        JsonNode made = Json.tree(rig.post("/attune/v1/datasets/prepare", "{\"file_id\":\"" + file
                + "\",\"map\":\"user=frage,assistant=antwort\",\"split\":{\"validation\":0.25,\"seed\":7}}").body());
        assertThat(made.path("object").asString()).isEqualTo("attune.prepared");
        assertThat(made.path("data").values()).extracting(part -> part.path("part").asString())
                .startsWith("train", "validation");
        int rows = 0;
        for (JsonNode part : made.path("data")) {
            if (!part.path("part").asString().equals("changes")) {
                rows += part.path("rows").asInt();
                assertThat(part.path("file").path("purpose").asString()).isEqualTo("fine-tune");
                assertThat(content(part)).contains("\"messages\"").contains("It is city");
            }
        }
        assertThat(rows).isEqualTo(40);
        assertThat(made.path("data").path(0).path("file").path("filename").asString()).isEqualTo("dump-train.jsonl");
        assertThat(made.path("report").toString()).doesNotContain(home.toString()).contains(file);
        assertNothingIsLeft();
    }

    @Test
    void whatCannotBePrepared_isRefusedInTheWordsOfTheRequest() throws Exception {
        String file = upload("rows.jsonl", Rig.rows(3) + "{\"messages\":[]}\n");
        var refused = rig.post("/attune/v1/datasets/prepare", "{\"file_id\":\"" + file + "\"}");
        assertThat(refused.statusCode()).isEqualTo(400);
        String why = Json.tree(refused.body()).path("error").path("message").asString();
        assertThat(why).contains(file).contains("'skip_faulty'").doesNotContain(home.toString()).doesNotContain("--");
        JsonNode without = Json.tree(rig.post("/attune/v1/datasets/prepare",
                "{\"file_id\":\"" + file + "\",\"skip_faulty\":true}").body());
        assertThat(without.path("data").path(0).path("rows").asInt()).isEqualTo(3);

        assertThat(rig.post("/attune/v1/datasets/prepare", "{\"file_id\":\"file-no\"}").statusCode()).isEqualTo(404);
        for (String wrong : new String[]{"\"format\":\"word\"", "\"turns\":\"some\"", "\"split\":{\"validation\":0}",
                "\"split\":{\"test\":0.1,\"sticky\":true,\"by_time\":\"when\"}", "\"delimiter\":\"ab\"",
                "\"keep\":[1]", "\"mask\":true"}) {
            assertThat(rig.post("/attune/v1/datasets/prepare", "{\"file_id\":\"" + file + "\"," + wrong + "}")
                    .statusCode()).as(wrong).isEqualTo(400);
        }
        assertNothingIsLeft();
    }

    private static void assertNothingIsLeft() throws Exception {
        try (var left = Files.list(home.resolve("incoming"))) {
            assertThat(left).isEmpty();
        }
    }

    private static String content(JsonNode part) throws Exception {
        return rig.send("GET", "/v1/files/" + part.path("file").path("id").asString() + "/content", "", new byte[0])
                .body();
    }

    private static String upload(String name, String content) throws Exception {
        String body = "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nuser_data\r\n--b\r\n"
                + "Content-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\n\r\n" + content
                + "\r\n--b--\r\n";
        return Json.tree(rig.send("POST", "/v1/files", "multipart/form-data; boundary=b",
                body.getBytes(StandardCharsets.UTF_8)).body()).path("id").asString();
    }
}
