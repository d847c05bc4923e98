package dev.attune.server.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.Headers;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.webhooks.UnwrapWebhookEvent;
import com.openai.models.webhooks.WebhookVerificationParams;
import com.sun.net.httpserver.HttpServer;
import dev.attune.server.AttuneServer;
import dev.attune.server.Rig;
import dev.attune.server.Schemas;
import dev.attune.server.operating.ServerSettings;
import dev.attune.server.protocol.Json;
import dev.attune.server.store.ServerException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What an address is told, as the official client verifies it. */
class WebhooksTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private record Told(Map<String, List<String>> headers, String body) {}

    @TempDir
    private Path home;
    private final List<Told> told = new CopyOnWriteArrayList<>();
    private volatile int failures;
    private HttpServer receiver;

    @BeforeEach
    void listen() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/hook", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean fail = failures-- > 0;
            if (!fail) {
                told.add(new Told(Map.copyOf(exchange.getRequestHeaders()), body));
            }
            exchange.sendResponseHeaders(fail ? 500 : 204, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    @Test
    void endsOfJobsAndBatchesAreTold_signed_andAgainAfterAFailure() throws Exception {
        failures = 1;
        String job;
        String batch;
        try (var server = AttuneServer.start(settings()); OpenAIClientHandle client = client(server)) {
            job = client.api.fineTuning().jobs().create(JobCreateParams.builder().model(Rig.BASE)
                    .trainingFile(upload(client.api, Rig.rows(2), FilePurpose.FINE_TUNE)).build()).id();
            batch = client.api.batches().create(com.openai.models.batches.BatchCreateParams.builder()
                    .inputFileId(upload(client.api, "{}\n", FilePurpose.BATCH))
                    .endpoint(com.openai.models.batches.BatchCreateParams.Endpoint.V1_CHAT_COMPLETIONS)
                    .completionWindow(com.openai.models.batches.BatchCreateParams.CompletionWindow._24H).build()).id();
            await(2);
            for (Told one : told) {
                UnwrapWebhookEvent event = client.api.webhooks()
                        .unwrap(WebhookVerificationParams.builder().payload(one.body())
                                .headers(headers(one)).secret(SECRET).build());
                assertThat(event.isFineTuningJobFailed() || event.isBatchFailed()).isTrue();
            }
            Told first = told.getFirst();
            assertThatThrownBy(() -> client.api.webhooks().unwrap(WebhookVerificationParams.builder()
                    .payload(first.body().replace("event", "evil!")).headers(headers(first)).secret(SECRET).build()))
                    .hasMessageContaining("signature");
        }
        List<JsonNode> bodies = told.stream().map(one -> Json.tree(one.body())).toList();
        assertThat(bodies).extracting(body -> body.path("type").asString() + " "
                + body.path("data").path("id").asString()).containsExactlyInAnyOrder(
                        "fine_tuning.job.failed " + job, "batch.failed " + batch);
        bodies.stream().filter(body -> body.path("type").asString().startsWith("fine_tuning"))
                .forEach(body -> Schemas.check("WebhookFineTuningJobFailed", body));
        assertThat(bodies).allMatch(body -> body.path("id").asString().startsWith("evt_"));

        try (var server = AttuneServer.start(settings())) {
            assertThat(server.port()).isPositive();
            Thread.sleep(1500);
        }
        assertThat(told).as("told once, also over a restart").hasSize(2);
    }

    @Test
    void whatEndedBeforeTheAddressWasGivenIsNotTold_andAClockThatIsSetBackHidesNothing() throws Exception {
        try (Rig quiet = Rig.start(home)) {
            quiet.awaitEnd(create(quiet.client()));
        }
        AttuneServer.start(settings()).close();
        // What a clock that is set back by two days makes of all times that are written already.
        try (var database = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("attune.db"));
                var statement = database.createStatement()) {
            statement.execute("update webhook_addresses set since = since + 172800");
            statement.execute("update jobs set created_at = created_at + 172800, finished_at = finished_at + 172800");
            statement.execute("update webhook_events set next_at = next_at + 172800, ended_at = ended_at + 172800");
        }
        try (var server = AttuneServer.start(settings()); OpenAIClientHandle client = client(server)) {
            String job = create(client.api);
            await(1);
            assertThat(client.api.fineTuning().jobs().list().data().getFirst().id()).as("newest first").isEqualTo(job);
            assertThat(told.getFirst().body()).contains(job);
        }
        assertThat(told).hasSize(1);
    }

    /** A job that fails at once. */
    private static String create(OpenAIClient client) {
        return client.fineTuning().jobs().create(JobCreateParams.builder().model(Rig.BASE)
                .trainingFile(upload(client, Rig.rows(2), FilePurpose.FINE_TUNE)).build()).id();
    }

    @Test
    void signatureIsTheOneOfTheStandardsExample() {
        assertThat(new WebhookSignature(SECRET).of("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330,
                "{\"test\": 2432232314}")).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void settingsWithoutAddressOrSecretAreRefused() {
        assertThatThrownBy(() -> new ServerSettings.Webhook(URI.create("ftp://x"), SECRET))
                .isInstanceOf(ServerException.class).hasMessageContaining("http or https");
        assertThatThrownBy(() -> new ServerSettings.Webhook(URI.create("http://x/"), "secret"))
                .isInstanceOf(ServerException.class).hasMessageContaining("whsec_")
                .hasMessageNotContaining("\"secret\"");
    }

    private record OpenAIClientHandle(OpenAIClient api) implements AutoCloseable {
        @Override
        public void close() {
            api.close();
        }
    }

    private static OpenAIClientHandle client(AttuneServer server) {
        return new OpenAIClientHandle(OpenAIOkHttpClient.builder().baseUrl(server.baseUrl().toString()).apiKey("any")
                .webhookSecret(SECRET).maxRetries(0).build());
    }

    private ServerSettings settings() {
        URI hook = URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook");
        return new ServerSettings(home, "127.0.0.1", 0, List.of(Rig.FIXTURES), "", "acme", Map.of(),
                Optional.of(new ServerSettings.Webhook(hook, SECRET)), false);
    }

    private static String upload(OpenAIClient client, String content, FilePurpose purpose) {
        return client.files().create(FileCreateParams.builder()
                .file(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8))).purpose(purpose).build())
                .id();
    }

    private static Headers headers(Told told) {
        var headers = Headers.builder();
        told.headers().forEach((name, values) -> values.forEach(value -> headers.put(name, value)));
        return headers.build();
    }

    private void await(int count) throws InterruptedException {
        for (int i = 0; i < 400 && told.size() < count; i++) {
            Thread.sleep(50);
        }
        assertThat(told).hasSize(count);
    }
}
