package dev.attune.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whatever is sent to whichever endpoint of the server's own OpenAPI document, it is answered, soon, and what is refused
 * is refused with OpenAI's error body. Replays with {@code -Dattune.seed}, goes on for longer with
 * {@code -Dattune.requests}.
 */
class AnyRequestIT {
    private static final int REQUESTS = Integer.getInteger("attune.requests", 1500);
    private static final int PATIENCE_MILLIS = 30_000;

    @Test
    void everyRequestIsAnsweredOrRefusedWithASentence(@TempDir Path folder) throws IOException {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println("AnyRequestIT: -Dattune.seed=" + seed);
        try (var server = Serving.start(folder.resolve("home"), 0)) {
            String document = exchange(server,
                    "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.ISO_8859_1));
            var requests = new AnyRequest(JsonMapper.shared().readTree(body(document)), new Random(seed));
            for (int i = 0; i < REQUESTS; i++) {
                byte[] request = requests.next();
                check(new String(request, StandardCharsets.UTF_8), exchange(server, request));
            }
            assertThat(exchange(server, "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.ISO_8859_1))).startsWith("HTTP/1.1 200 ");
        }
    }

    private static void check(String request, String answer) {
        String what = request.substring(0, Math.min(1500, request.length()));
        assertThat(answer).as(what).matches("(?s)HTTP/1\\.1 [24]\\d\\d .*")
                .doesNotContain("Exception", "\r\nSet-Cookie", "java.");
        String head = answer.substring(0, answer.indexOf("\r\n\r\n"));
        assertThat(head.toLowerCase(java.util.Locale.ROOT)).as(what).contains("x-request-id: req_");
        if (answer.charAt("HTTP/1.1 ".length()) == '4') {
            JsonNode error = JsonMapper.shared().readTree(body(answer)).path("error");
            assertThat(error.propertyNames()).as(what).containsExactlyInAnyOrder("message", "type", "param", "code");
            assertThat(error.path("message").asString("")).as(what).isNotBlank();
            assertThat(error.path("type").asString("")).as(what).isNotBlank();
        }
    }

    private static String exchange(Serving server, byte[] request) throws IOException {
        try (var socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request);
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
}
