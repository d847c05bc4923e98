package dev.attune.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.server.Rig;
import dev.attune.server.operating.ServerLimits;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Json;
import dev.attune.server.protocol.KeyRole;
import dev.attune.server.store.ServerException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysTest {
    @TempDir
    private Path home;
    private final HttpClient http = HttpClient.newHttpClient();
    private Rig rig;
    private String red;
    private String blue;
    private String user;

    @BeforeEach
    void start() {
        rig = Rig.start(home);
        try (var keys = ServerKeys.open(home)) {
            red = keys.create("red", "red", KeyRole.ADMIN).secret();
            blue = keys.create("blue", "blue", KeyRole.TRAIN).secret();
            user = keys.create("user", "red", KeyRole.USE).secret();
        }
    }

    @AfterEach
    void stop() {
        rig.close();
        http.close();
    }

    private HttpResponse<String> send(String key, String method, String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rig.server().port() + path))
                .method(method, BodyPublishers.ofString(body)).header("Content-Type", path.equals("/v1/files")
                        ? "multipart/form-data; boundary=X"
                        : "application/json");
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private String upload(String key) throws Exception {
        return Json.tree(send(key, "POST", "/v1/files",
                "--X\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n"
                        + "fine-tune\r\n--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jsonl\"\r\n\r\n"
                        + Rig.rows(12) + "\r\n--X--\r\n")
                .body()).path("id").asString();
    }

    @Test
    void theFirstKeyLocksTheServer_andARevokedOneOpensNothing() throws Exception {
        assertThat(send("", "GET", "/v1/models", "").statusCode()).isEqualTo(401);
        assertThat(send("sk-attune-" + "a".repeat(44), "GET", "/v1/models", "").statusCode()).isEqualTo(401);
        assertThat(send(red, "GET", "/v1/models", "").statusCode()).isEqualTo(200);
        assertThat(send("", "GET", "/healthz", "").statusCode()).isEqualTo(200);
        assertThat(send("", "GET", "/readyz", "").statusCode()).isEqualTo(200);
        assertThat(send("", "GET", "/metrics", "").statusCode()).isEqualTo(401);

        String made = send(red, "POST", "/attune/v1/keys", "{\"name\":\"third\",\"role\":\"use\"}").body();
        var key = Json.tree(made);
        assertThat(send(key.path("secret").asString(), "GET", "/v1/models", "").statusCode()).isEqualTo(200);
        assertThat(send(red, "DELETE", "/attune/v1/keys/" + key.path("id").asString(), "").statusCode()).isEqualTo(200);
        assertThat(send(key.path("secret").asString(), "GET", "/v1/models", "").statusCode()).isEqualTo(401);
    }

    @Test
    void aRoleIsAsFarAsItGoes() throws Exception {
        assertThat(send(user, "GET", "/v1/models", "").statusCode()).isEqualTo(200);
        var refused = send(user, "GET", "/v1/files", "");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("'use'", "'train'", "insufficient_permissions");
        assertThat(send(blue, "GET", "/v1/files", "").statusCode()).isEqualTo(200);
        assertThat(send(blue, "GET", "/attune/v1/keys", "").statusCode()).isEqualTo(403);
        assertThat(send(user, "DELETE", "/v1/models/ft:a", "").statusCode()).isEqualTo(403);
    }

    @Test
    void oneOrganizationNeverMeetsWhatIsAnothers() throws Exception {
        String file = upload(red);
        assertThat(send(red, "GET", "/v1/files/" + file, "").statusCode()).isEqualTo(200);
        assertThat(send(blue, "GET", "/v1/files/" + file, "").statusCode()).isEqualTo(404);
        assertThat(send(blue, "GET", "/v1/files/" + file + "/content", "").statusCode()).isEqualTo(404);
        assertThat(send(blue, "DELETE", "/v1/files/" + file, "").statusCode()).isEqualTo(404);
        assertThat(Json.tree(send(blue, "GET", "/v1/files", "").body()).path("data").size()).isZero();

        String wanted = "{\"model\":\"tiny-chat\",\"training_file\":\"" + file + "\",\"suffix\":\"s\","
                + "\"hyperparameters\":{\"n_epochs\":1}}";
        assertThat(send(blue, "POST", "/v1/fine_tuning/jobs", wanted).statusCode()).isEqualTo(400);
        var job = Json.tree(send(red, "POST", "/v1/fine_tuning/jobs", wanted).body());
        assertThat(job.path("organization_id").asString()).isEqualTo("red");
        String id = job.path("id").asString();
        for (String path : new String[]{"", "/events", "/checkpoints"}) {
            assertThat(send(blue, "GET", "/v1/fine_tuning/jobs/" + id + path, "").statusCode()).isEqualTo(404);
        }
        assertThat(send(blue, "POST", "/v1/fine_tuning/jobs/" + id + "/cancel", "").statusCode()).isEqualTo(404);
        String model = awaitModel(id);
        assertThat(model).startsWith("ft:tiny-chat:red:s:");
        assertThat(send(red, "GET", "/v1/models/" + model, "").statusCode()).isEqualTo(200);
        var rows = Json.tree(send(red, "GET", "/attune/v1/jobs/" + id + "/rows?limit=3", "").body());
        assertThat(rows.path("rows").asInt()).isEqualTo(12);
        assertThat(rows.path("highest").size()).isEqualTo(3);
        assertThat(rows.path("highest").path(0).path("asked").asString()).contains("say number");
        assertThat(send(blue, "GET", "/attune/v1/jobs/" + id + "/rows", "").statusCode()).isEqualTo(404);
        assertThat(send(blue, "GET", "/v1/models/" + model, "").statusCode()).isEqualTo(404);
        assertThat(send(blue, "GET", "/v1/models", "").body()).doesNotContain(":red:");
        assertThat(send(blue, "DELETE", "/v1/models/" + model, "").statusCode()).isEqualTo(404);
        String ask = "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
                + "\"max_tokens\":2,\"store\":true}";
        assertThat(send(blue, "POST", "/v1/chat/completions", ask).statusCode()).isEqualTo(404);
        String said = Json.tree(send(red, "POST", "/v1/chat/completions", ask).body()).path("id").asString();
        assertThat(send(red, "GET", "/v1/chat/completions/" + said, "").statusCode()).isEqualTo(200);
        assertThat(send(blue, "GET", "/v1/chat/completions/" + said, "").statusCode()).isEqualTo(404);
        String result = Json.tree(send(red, "GET", "/v1/fine_tuning/jobs/" + id, "").body()).path("result_files")
                .path(0).asString();
        assertThat(send(red, "GET", "/v1/files/" + result + "/content", "").statusCode()).isEqualTo(200);
        assertThat(send(blue, "GET", "/v1/files/" + result + "/content", "").statusCode()).isEqualTo(404);
    }

    private String awaitModel(String id) throws Exception {
        for (int i = 0; i < 1200; i++) {
            var job = Json.tree(send(red, "GET", "/v1/fine_tuning/jobs/" + id, "").body());
            if (job.path("status").asString().equals("succeeded")) {
                return job.path("fine_tuned_model").asString();
            }
            assertThat(job.path("status").asString()).isNotEqualTo("failed");
            Thread.sleep(100);
        }
        throw new AssertionError("the job did not end");
    }

    @Test
    void noSecretIsWrittenAnywhere() throws Exception {
        assertThat(send(red, "GET", "/attune/v1/keys", "").body()).doesNotContain(red, blue).contains("sk-attune-");
        try (var files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content = new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
                assertThat(content).as(file.toString()).doesNotContain(red).doesNotContain(blue);
            }
        }
        try (var keys = ServerKeys.open(home)) {
            assertThat(keys.create("x", "red", KeyRole.USE).toString()).contains("not shown");
            assertThatThrownBy(() -> keys.create("", "red", KeyRole.USE)).isInstanceOf(ServerException.class);
            assertThatThrownBy(() -> keys.create("x", "Red'", KeyRole.USE)).isInstanceOf(ServerException.class);
        }
    }

    @Test
    void aKeyThatComesTooOftenIsToldWhenToComeAgain(@TempDir Path other) throws Exception {
        var limits = ServerLimits.DEFAULT;
        try (var limited = Rig.start(Rig.settings(other, 0, "").with(new ServerLimits(3, limits.queue(),
                limits.connections(), limits.headerBytes(), limits.idle(), limits.header(), limits.stop(),
                limits.storedFor())))) {
            for (int i = 2; i >= 0; i--) {
                var fine = limited.send("GET", "/v1/models", "", new byte[0]);
                assertThat(fine.headers().firstValue("x-ratelimit-limit-requests")).contains("3");
                assertThat(fine.headers().firstValue("x-ratelimit-remaining-requests")).contains(Integer.toString(i));
            }
            var refused = limited.send("GET", "/v1/models", "", new byte[0]);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After").orElseThrow()).matches("[1-9]\\d?");
            assertThat(refused.body()).contains("rate_limit_exceeded");
        }
    }

    @Test
    void aBucketFillsEvenly() {
        long[] now = {0};
        var rate = new RateLimit(2, Duration.ofSeconds(10), () -> now[0]);
        rate.take("a");
        rate.take("a");
        assertThatThrownBy(() -> rate.take("a")).isInstanceOf(ApiException.class);
        assertThat(rate.take("b").remaining()).isEqualTo(1);
        now[0] += 4_900_000_000L;
        assertThatThrownBy(() -> rate.take("a")).isInstanceOf(ApiException.class);
        now[0] += 200_000_000L;
        assertThat(rate.take("a").remaining()).isZero();
    }
}
