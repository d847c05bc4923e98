package dev.attune.server;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.FineTuningJob;
import dev.attune.server.operating.ServerSettings;
import dev.attune.server.protocol.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A real server on a home of its own, with the tiny model of the fixtures, and clients that speak to it. */
public final class Rig implements AutoCloseable {
    public static final Path FIXTURES = Path.of("..", "fixtures");
    public static final String BASE = "tiny-chat";
    private static final Set<String> TERMINAL = Set.of("succeeded", "failed", "cancelled");

    private final AttuneServer server;
    private final OpenAIClient client;
    private final HttpClient http = HttpClient.newHttpClient();

    private final Description description;

    private Rig(ServerSettings settings, String key) {
        this.description = new Description();
        this.server = AttuneServer.start(settings, description::around);
        this.client = OpenAIOkHttpClient.builder().baseUrl(server.baseUrl().toString()).apiKey(key).adminApiKey(key)
                .maxRetries(0)
                .timeout(Duration.ofSeconds(60)).responseValidation(true).build();
    }

    public static Rig start(Path home) {
        return start(home, "");
    }

    public static Rig start(Path home, String key) {
        return new Rig(settings(home, 0, key), key.isEmpty() ? "any" : key);
    }

    public static Rig start(ServerSettings settings) {
        return new Rig(settings, settings.apiKey().isEmpty() ? "any" : settings.apiKey());
    }

    /** A server with what the SDKs' own suites ask for. */
    public static Rig fixtures(Path home) {
        return new Rig(new ServerSettings(home, "127.0.0.1", 0, List.of(FIXTURES), "", "acme", Map.of(),
                Optional.empty(), true), "any");
    }

    public static ServerSettings settings(Path home, int port, String key) {
        return new ServerSettings(home, "127.0.0.1", port, List.of(FIXTURES), key, "acme",
                Map.of("gpt-4o-mini-2024-07-18", BASE), Optional.empty(), false);
    }

    public OpenAIClient client() {
        return client;
    }

    /** A client that does not check bodies: the SDK's types do not know {@code paused}. */
    public OpenAIClient lenient() {
        return client.withOptions(options -> options.responseValidation(false));
    }

    public AttuneServer server() {
        return server;
    }

    /** How many answers are being made or wait for their turn. */
    public int waiting() {
        return server.generations().waiting();
    }

    /** Training rows that differ. */
    public static String rows(int count) {
        var rows = new StringBuilder();
        for (int i = 0; i < count; i++) {
            rows.append("{\"messages\":[{\"role\":\"user\",\"content\":\"say number ").append(i)
                    .append("\"},{\"role\":\"assistant\",\"content\":\"it is ").append(i * 7 % 10).append("\"}]}\n");
        }
        return rows.toString();
    }

    public String upload(String content) {
        return client.files().create(FileCreateParams.builder()
                .file(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8))).purpose(FilePurpose.FINE_TUNE)
                .build()).id();
    }

    public FineTuningJob awaitEnd(String id) throws InterruptedException {
        return await(id, TERMINAL, Duration.ofSeconds(120));
    }

    public FineTuningJob await(String id, Set<String> statuses, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            FineTuningJob job = lenient().fineTuning().jobs().retrieve(id);
            if (statuses.contains(job.status().asString())) {
                return job;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("job " + id + " is still " + job.status() + ", wanted " + statuses);
            }
            Thread.sleep(50);
        }
    }

    /** Sends a request as it is written here. */
    public HttpResponse<String> send(String method, String path, String contentType, byte[] body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).method(method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    public HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return send("POST", path, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    /** The same with one header more. */
    public HttpResponse<String> post(String path, String json, String header, String value)
            throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Content-Type", "application/json").header(header, value)
                .POST(BodyPublishers.ofString(json)).build(), BodyHandlers.ofString());
    }

    public JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = send("GET", path, "", new byte[0]);
        if (response.statusCode() != 200) {
            throw new AssertionError(path + " answered " + response.statusCode() + ": " + response.body());
        }
        return Json.tree(response.body());
    }

    @Override
    public void close() {
        client.close();
        http.close();
        server.close();
        description.verify();
    }
}
