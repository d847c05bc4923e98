package dev.attune.server.operating;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.server.Rig;
import dev.attune.server.protocol.Json;
import dev.attune.server.store.ServerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands beside OpenAI's protocol: checks, estimates, comparisons, health, backups. */
class BesideTest {
    @TempDir
    private static Path folder;
    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = Rig.start(folder.resolve("home"));
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void aFileIsCheckedAsTheCommandLineDoes_forModelsHereAndElsewhere() throws Exception {
        String file = rig.upload(Rig.rows(12) + "{\"messages\":[]}\n");
        for (String model : new String[]{"tiny-chat", "openai:gpt-4o-mini-2024-07-18"}) {
            var report = Json.tree(rig.post("/attune/v1/datasets/check",
                    "{\"file_id\":\"" + file + "\",\"model\":\"" + model + "\"}").body());
            assertThat(report.path("files").path(0).path("file").asString()).isEqualTo(file);
            assertThat(report.path("files").path(0).path("examples").asInt()).isEqualTo(13);
            assertThat(report.path("summary").path("errors").asInt()).isPositive();
            assertThat(report.path("files").path(0).path("findings").size()).isPositive();
        }
        assertThat(rig.post("/attune/v1/datasets/check", "{\"file_id\":\"file-no\",\"model\":\"tiny-chat\"}")
                .statusCode()).isEqualTo(404);
        assertThat(rig.post("/attune/v1/datasets/check", "{\"file_id\":\"" + file + "\",\"model\":\"nobody\"}")
                .statusCode()).isEqualTo(404);
    }

    @Test
    void whatTuningTakesIsEstimated() throws Exception {
        String file = rig.upload(Rig.rows(12));
        var here = Json.tree(rig.post("/attune/v1/estimate",
                "{\"training_file\":\"" + file + "\",\"model\":\"tiny-chat\",\"n_epochs\":2}").body());
        assertThat(here.path("epochs").asInt()).isEqualTo(2);
        assertThat(here.path("seconds").asDouble()).isPositive();
        assertThat(here.path("usd").isNull()).isTrue();
        var there = Json.tree(rig.post("/attune/v1/estimate",
                "{\"training_file\":\"" + file + "\",\"model\":\"openai:gpt-4o-mini-2024-07-18\"}").body());
        assertThat(there.path("usd").asDouble()).isPositive();
    }

    @Test
    void modelsAreComparedSideBySide() throws Exception {
        String ask = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"max_tokens\":3,\"seed\":1";
        var both = Json.tree(rig.post("/attune/v1/compare", "{\"models\":[\"tiny-chat\",\"nobody\"]," + ask + "}")
                .body());
        assertThat(both.path("data").path(0).path("completion").path("choices").size()).isEqualTo(1);
        assertThat(both.path("data").path(0).path("error").isNull()).isTrue();
        assertThat(both.path("data").path(1).path("error").path("code").asString()).isEqualTo("model_not_found");
        assertThat(rig.post("/attune/v1/compare", "{\"models\":[\"tiny-chat\"]," + ask + "}").statusCode())
                .isEqualTo(400);
        assertThat(rig.post("/attune/v1/compare", "{\"models\":[\"tiny-chat\",\"tiny-chat\"],\"temprature\":1," + ask
                + "}").statusCode()).isEqualTo(400);
    }

    @Test
    void healthIsTold_andWhatWasDoneIsCounted() throws Exception {
        assertThat(rig.get("/healthz").path("status").asString()).isEqualTo("ok");
        assertThat(rig.get("/readyz").path("status").asString()).isEqualTo("ready");
        rig.post("/v1/chat/completions",
                "{\"model\":\"tiny-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"max_tokens\":2}");
        var metrics = rig.send("GET", "/metrics", "", new byte[0]);

        assertThat(metrics.headers().firstValue("content-type").orElseThrow()).startsWith("text/plain");
        assertThat(metrics.body()).containsPattern(
                "attune_requests_total\\{method=\"POST\",route=\"/v1/chat/completions\",status=\"200\"\\} [1-9]")
                .containsPattern("attune_tokens_total\\{kind=\"completion\"\\} [1-9]")
                .contains("attune_request_seconds_bucket{route=\"/healthz\",le=\"+Inf\"} ", "attune_generations 0");
        assertThat(metrics.body().lines()).allMatch(line -> line.startsWith("# ")
                || line.matches("[a-z_]+(\\{[^}]*\\}|\\{method.*status=\"\\d+\"\\}|\\{route=.*\\})? -?[0-9.Ee+-]+"));
    }

    @Test
    void aHomeIsCopiedWhileItServes_andServesAgainElsewhere() throws Exception {
        String id = rig.upload(Rig.rows(15));
        Path backup = folder.resolve("backup");
        HomeBackup.Summary copied = HomeBackup.write(folder.resolve("home"), backup);
        assertThat(copied.files()).isPositive();
        Path other = folder.resolve("other");
        assertThat(HomeBackup.restore(backup, other)).isEqualTo(copied);
        try (var restored = Rig.start(other)) {
            assertThat(restored.send("GET", "/v1/files/" + id + "/content", "", new byte[0]).body())
                    .isEqualTo(Rig.rows(15));
        }
        assertThat(HomeDoctor.examine(other, List.of(Rig.FIXTURES))).allMatch(Finding::ok);
        try (var contents = Files.walk(other.resolve("files"))) {
            Files.delete(contents.filter(Files::isRegularFile).findFirst().orElseThrow());
        }
        assertThat(HomeDoctor.examine(other, List.of())).filteredOn(finding -> !finding.ok())
                .extracting(Finding::what).containsExactly("files", "models");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> HomeBackup.write(folder.resolve("home"), backup))
                .isInstanceOf(ServerException.class).hasMessageContaining("not empty");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> HomeBackup.restore(folder, folder.resolve("x")))
                .isInstanceOf(ServerException.class).hasMessageContaining("not a whole backup");
    }
}
