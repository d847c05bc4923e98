package dev.attune.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.server.Rig;
import dev.attune.server.protocol.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A create whose answer was lost and that is sent again makes one job. */
class CreatedTwiceTest {
    private static final String KEY = "Idempotency-Key";
    private static final String RETRY = "x-stainless-retry-count";

    @TempDir
    private static Path home;
    private static Rig rig;
    private static String file;

    @BeforeAll
    static void start() {
        rig = Rig.start(home);
        file = rig.upload(Rig.rows(7));
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static String body(String suffix) {
        return "{\"model\":\"" + Rig.BASE + "\",\"training_file\":\"" + file + "\",\"suffix\":\"" + suffix + "\"}";
    }

    private static HttpResponse<String> create(String body, String... headers) throws IOException,
            InterruptedException {
        var request = HttpRequest
                .newBuilder(URI.create("http://127.0.0.1:" + rig.server().port() + "/v1/fine_tuning/jobs"))
                .header("Content-Type", "application/json").headers(headers)
                .POST(HttpRequest.BodyPublishers.ofString(body)).build();
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString());
        }
    }

    private static String id(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Json.tree(response.body()).path("id").asString();
    }

    @Test
    void anSdksOwnRetryFindsTheJobOfItsFirstAttempt() throws Exception {
        String first = id(create(body("retry"), RETRY, "0"));
        assertThat(id(create(body("retry"), RETRY, "1"))).isEqualTo(first);
        assertThat(id(create(body("retry"), RETRY, "2"))).isEqualTo(first);
        assertThat(id(create(body("other"), RETRY, "1"))).as("a retry whose first attempt never arrived")
                .isNotEqualTo(first);
    }

    @Test
    void theSameRequestMeantTwiceMakesTwoJobs() throws Exception {
        assertThat(id(create(body("twice"), RETRY, "0"))).isNotEqualTo(id(create(body("twice"), RETRY, "0")));
    }

    @Test
    void aKeyStandsForOneRequest() throws Exception {
        String first = id(create(body("key"), KEY, "a-1"));
        assertThat(id(create(body("key"), KEY, "a-1"))).isEqualTo(first);
        assertThat(id(create(body("key"), KEY, "a-2"))).isNotEqualTo(first);
        HttpResponse<String> other = create(body("another"), KEY, "a-1");
        assertThat(other.statusCode()).isEqualTo(400);
        assertThat(other.body()).contains("Idempotency-Key 'a-1' was used for another request");
        assertThat(create(body("key"), KEY, "x".repeat(256)).statusCode()).isEqualTo(400);
    }

    @Test
    void sentAtTheSameTimeItMakesOneJob() throws Exception {
        try (var senders = Executors.newFixedThreadPool(8)) {
            List<Callable<String>> same = Stream
                    .<Callable<String>>generate(() -> () -> id(create(body("race"), KEY, "race"))).limit(8).toList();
            var ids = new java.util.HashSet<String>();
            for (Future<String> answer : senders.invokeAll(same)) {
                ids.add(answer.get());
            }
            assertThat(ids).hasSize(1);
        }
    }
}
